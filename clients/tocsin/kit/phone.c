#include "tocsin/kit/phone.h"

#include <assert.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "files/files.h"
#include "say/say.h"
#include "tocsin/kit/icon.h"
#include "tocsin/kit/zip.h"

enum { PAGE_MAX = 4 * 1024 * 1024 };

/* Where the page takes what is built in. */
static const char slot[] = "<!--kit-->";

int phone_load(const char *path, struct phone_page *out)
{
    struct files_error error;
    uint8_t *bytes = NULL;
    *out = (struct phone_page){0};
    enum files_result result = files_load_at(AT_FDCWD, path != NULL ? path : TOCSIN_PAGE,
                                             FILES_REGULAR, PAGE_MAX, &bytes, &out->size, &error);
    if (result != FILES_OK) {
        return result == FILES_GONE && path == NULL ? EXIT_DONE : say_outside("%s", error.message);
    }
    out->bytes = bytes;
    if (memmem(bytes, out->size, slot, sizeof slot - 1) == NULL) {
        phone_free(out);
        return say_outside(
            "the page for phones has no place for records: it is not this version's");
    }
    return EXIT_DONE;
}

void phone_free(struct phone_page *page)
{
    free(page->bytes);
    *page = (struct phone_page){0};
}

void phone_write(const struct phone_page *page, const struct phone_kit *kit, struct draft *out)
{
    const char *text = (const char *)page->bytes;
    const char *at = memmem(text, page->size, slot, sizeof slot - 1);
    size_t room = sodium_base64_encoded_len(kit->records_size, sodium_base64_VARIANT_ORIGINAL);
    char *base64 = say_memory(malloc(room));
    assert(at != NULL); /* page_load */
    sodium_bin2base64(base64, room, kit->records, kit->records_size,
                      sodium_base64_VARIANT_ORIGINAL);
    struct civil_date day = civil_from_utc(kit->now).date; /* of a day all are alike */
    draft_add_bytes(out, text, (size_t)(at - text));
    draft_print(out,
                "<div id=\"kit\" hidden data-root=\"%s\" data-made=\"%04d-%02d-%02dT00:00:00Z\"",
                record_id_text(kit->root).text, day.year, day.month, day.day);
    if (kit->url != NULL) {
        draft_print(out, " data-url=\"%s\"", kit->url); /* has no quote: address_read */
    }
    draft_add(out, " data-records=\"");
    draft_add(out, base64);
    draft_add(out, "\"></div>");
    at += sizeof slot - 1;
    draft_add_bytes(out, at, page->size - (size_t)(at - text));
    free(base64);
}

/* A string of TOML. */
static void add_quoted(struct draft *out, const char *text)
{
    draft_add(out, "\"");
    for (; *text != '\0'; text++) {
        if (*text == '"' || *text == '\\') {
            draft_add(out, "\\");
        }
        draft_add_bytes(out, *text == '\n' ? " " : text, 1);
    }
    draft_add(out, "\"");
}

/* The same for a chat, whose pages reach no network: without the script that would. */
static void write_chat_page(const struct draft *page, struct draft *out)
{
    static const char tag[] = "<script id=\"wire\">", closing[] = "</script>";
    const char *stop = page->at + page->len;
    const char *from = memmem(page->at, page->len, tag, sizeof tag - 1);
    const char *end =
        from != NULL ? memmem(from, (size_t)(stop - from), closing, sizeof closing - 1) : NULL;
    if (end == NULL) {
        draft_add_bytes(out, page->at, page->len);
        return;
    }
    end += sizeof closing - 1;
    draft_add_bytes(out, page->at, (size_t)(from - page->at));
    draft_add_bytes(out, end, (size_t)(stop - end));
}

void phone_pack(const struct draft *page, const char *title, struct draft *out)
{
    struct draft chat = {0}, manifest = {0};
    struct zip zip = {0};
    write_chat_page(page, &chat);
    draft_add(&manifest, "name = ");
    add_quoted(&manifest, title);
    draft_add(&manifest, "\n");
    zip_add(&zip, "manifest.toml", manifest.at, manifest.len);
    zip_add(&zip, "icon.png", kit_icon, sizeof kit_icon);
    zip_add(&zip, "index.html", chat.at, chat.len);
    if (chat.is_short_of_memory || manifest.is_short_of_memory) {
        say_no_memory();
    }
    zip_end(&zip, out);
    draft_free(&manifest);
    draft_free(&chat);
}

#include "tocsin/kit/phone.h"

#include <assert.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

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
    switch (files_load_at(AT_FDCWD, path != NULL ? path : TOCSIN_PAGE, FILES_REGULAR, PAGE_MAX,
                          &bytes, &out->size, &error)) {
    case FILES_OK:
        out->bytes = bytes;
        if (memmem(bytes, out->size, slot, sizeof slot - 1) == NULL) {
            phone_free(out);
            return say_outside(
                "the page for phones has no place for records: it is not this version's");
        }
        return EXIT_DONE;
    case FILES_GONE:
        return path == NULL ? EXIT_DONE : say_outside("%s", error.message);
    case FILES_UNFIT:
    case FILES_NO_MEMORY:
    case FILES_FAILED:
    default:
        return say_outside("%s", error.message);
    }
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
    char *base64 = malloc(room), root[RECORD_ID_TEXT_SIZE];
    assert(at != NULL); /* page_load */
    if (base64 == NULL) {
        out->is_short_of_memory = true;
        return;
    }
    sodium_bin2base64(base64, room, kit->records, kit->records_size,
                      sodium_base64_VARIANT_ORIGINAL);
    record_id_write(kit->root, root);
    struct civil_date day = civil_from_utc(kit->now).date; /* of a day all are alike */
    draft_add_bytes(out, text, (size_t)(at - text));
    draft_print(out,
                "<div id=\"kit\" hidden data-root=\"%s\" data-made=\"%04d-%02d-%02dT00:00:00Z\"",
                root, day.year, day.month, day.day);
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

/* A script of the page, by its id. */
struct script {
    const char *from, *text, *end, *to; /* from its tag to behind it; what is in it */
};

static bool find_script(const struct draft *page, const char *tag, struct script *out)
{
    static const char closing[] = "</script>";
    const char *stop = page->at + page->len;
    out->from = memmem(page->at, page->len, tag, strlen(tag));
    if (out->from == NULL) {
        return false;
    }
    out->text = out->from + strlen(tag);
    out->end = memmem(out->text, (size_t)(stop - out->text), closing, sizeof closing - 1);
    out->to = out->end != NULL ? out->end + sizeof closing - 1 : NULL;
    return out->end != NULL;
}

/* What gzip packed, as it was; false: it is not that, or no memory. */
static bool unzip(const uint8_t *packed, size_t packed_size, struct draft *out)
{
    enum { TRAILER = 4, GZIP = 16 + MAX_WBITS };
    z_stream stream = {.next_in = (Bytef *)(uintptr_t)packed, .avail_in = (uInt)packed_size};
    uint32_t size = 0; /* RFC 1952, 2.3.1: ISIZE, the last four bytes */
    for (size_t i = 0; packed_size > TRAILER && i < TRAILER; i++) {
        size |= (uint32_t)packed[packed_size - TRAILER + i] << (8 * i);
    }
    uint8_t *bytes = size > 0 && size <= PAGE_MAX ? malloc(size) : NULL;
    if (bytes == NULL || inflateInit2(&stream, GZIP) != Z_OK) {
        free(bytes);
        return false;
    }
    stream.next_out = bytes;
    stream.avail_out = size;
    bool is_whole = inflate(&stream, Z_FINISH) == Z_STREAM_END && stream.total_out == size;
    inflateEnd(&stream);
    if (is_whole) {
        draft_add_bytes(out, bytes, size);
    }
    free(bytes);
    return is_whole;
}

/* The mind lies in the page in gzip's and base64's clothes, which a ZIP would only squeeze
 * badly. */
static bool unpack_mind(const struct script *mind, struct draft *out)
{
    size_t len = (size_t)(mind->end - mind->text), size = 0;
    uint8_t *packed = malloc(len + 1);
    bool is_done = packed != NULL &&
                   sodium_base642bin(packed, len, mind->text, len, NULL, &size, NULL,
                                     sodium_base64_VARIANT_ORIGINAL) == 0 &&
                   unzip(packed, size, out);
    free(packed);
    return is_done;
}

/* The same for a chat, whose pages reach no network: without the script that would, and with the
 * mind as a file beside it. */
static void write_chat_page(const struct draft *page, struct draft *out, struct draft *mind)
{
    struct script script;
    struct draft left = {0};
    const char *stop = page->at + page->len;
    draft_add_bytes(out, page->at, page->len);
    if (find_script(page, "<script id=\"wire\">", &script)) {
        draft_free(out);
        *out = (struct draft){0};
        draft_add_bytes(out, page->at, (size_t)(script.from - page->at));
        draft_add_bytes(out, script.to, (size_t)(stop - script.to));
    }
    if (!out->is_short_of_memory &&
        find_script(out, "<script type=\"application/wasm+gzip\" id=\"mind\">", &script) &&
        unpack_mind(&script, mind)) {
        draft_add_bytes(&left, out->at, (size_t)(script.from - out->at));
        draft_add_bytes(&left, script.to, (size_t)(out->at + out->len - script.to));
        draft_free(out);
        *out = left;
    }
}

bool phone_pack(const struct draft *page, const char *title, struct draft *out)
{
    struct draft chat = {0}, mind = {0}, manifest = {0};
    struct zip zip = {0};
    write_chat_page(page, &chat, &mind);
    draft_add(&manifest, "name = ");
    add_quoted(&manifest, title);
    draft_add(&manifest, "\n");
    zip_add(&zip, "manifest.toml", manifest.at, manifest.len);
    zip_add(&zip, "icon.png", kit_icon, sizeof kit_icon);
    zip_add(&zip, "index.html", chat.at, chat.len);
    if (mind.len > 0) {
        zip_add(&zip, "mind.wasm", mind.at, mind.len);
    }
    bool is_packed = !mind.is_short_of_memory && !chat.is_short_of_memory && zip_end(&zip);
    if (is_packed) {
        *out = zip.out;
        zip.out = (struct draft){0};
    }
    zip_free(&zip);
    draft_free(&manifest);
    draft_free(&chat);
    draft_free(&mind);
    return is_packed;
}

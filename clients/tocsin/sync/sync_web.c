/* What a site made by tocsin export offers: SITE/ROOT8.tocsin for every constellation, or one
 * bundle by its own URL.  No agent string, no cookie, no redirect: a mirror learns an address and
 * no more. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <curl/curl.h>

#include "clock/clock.h"
#include "library/library.h"
#include "say/say.h"
#include "stream/stream.h"
#include "text/draft.h"
#include "tocsin/session/bundle.h"
#include "tocsin/sync/sync.h"

enum {
    TRIES = 4,
    /* Slower than this on the average of a timeout is nothing that a person waits for. */
    PACE_LEAST = 100, /* bytes a second */
    /* And however much comes, and however often it breaks: all of a source takes this many timeouts
     * at the most. */
    TIMEOUTS_IN_ALL = 15,
};

static struct {
    __typeof__(curl_global_init) *start;
    __typeof__(curl_easy_init) *init;
    __typeof__(curl_easy_setopt) *set;
    __typeof__(curl_easy_perform) *perform;
    __typeof__(curl_easy_getinfo) *get_info;
    __typeof__(curl_easy_cleanup) *cleanup;
    __typeof__(curl_easy_strerror) *why;
} curl;

/* Not linked: the 28 libraries that it needs would be a third of each command's time to begin. */
static int start_curl(void)
{
    const struct library_function wanted[] = {
        {"curl_global_init", &curl.start},     {"curl_easy_init", &curl.init},
        {"curl_easy_setopt", &curl.set},       {"curl_easy_perform", &curl.perform},
        {"curl_easy_getinfo", &curl.get_info}, {"curl_easy_cleanup", &curl.cleanup},
        {"curl_easy_strerror", &curl.why},
    };
    if (!library_load("libcurl.so.4", wanted, sizeof wanted / sizeof *wanted)) {
        return say_outside("libcurl.so.4 cannot be loaded: apt-get install libcurl4");
    }
    return curl.start(CURL_GLOBAL_DEFAULT) == CURLE_OK ? EXIT_DONE
                                                       : say_outside("libcurl cannot start");
}

struct download {
    struct draft got;
    bool is_too_large;
    mono until; /* when the source's time is up */
};

static mono time_of(const struct sync_request *request)
{
    return (mono){clock_mono().ns + TIMEOUTS_IN_ALL * request->timeout_s * NS_PER_S};
}

static long left_ms(const struct download *download)
{
    int64_t left_ns = download->until.ns - clock_mono().ns;
    return left_ns < NS_PER_MS ? 1 : (long)(left_ns / NS_PER_MS);
}

static size_t take(char *data, size_t one, size_t count, void *context)
{
    struct download *download = context;
    size_t size = one * count;
    if (size > STREAM_SIZE_MAX - download->got.len) {
        download->is_too_large = true;
        return 0;
    }
    draft_add_bytes(&download->got, data, size);
    return download->got.is_short_of_memory ? 0 : size;
}

static bool set_up(CURL *transfer, const char *url, const struct sync_request *request,
                   struct download *download, char error[CURL_ERROR_SIZE])
{
    bool ok = curl.set(transfer, CURLOPT_URL, url) == CURLE_OK &&
              curl.set(transfer, CURLOPT_PROTOCOLS_STR, "http,https") == CURLE_OK &&
              curl.set(transfer, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2) == CURLE_OK &&
              curl.set(transfer, CURLOPT_FOLLOWLOCATION, 0L) == CURLE_OK &&
              curl.set(transfer, CURLOPT_FAILONERROR, 1L) == CURLE_OK &&
              curl.set(transfer, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
              curl.set(transfer, CURLOPT_CONNECTTIMEOUT, request->timeout_s) == CURLE_OK &&
              curl.set(transfer, CURLOPT_LOW_SPEED_LIMIT, (long)PACE_LEAST) == CURLE_OK &&
              curl.set(transfer, CURLOPT_LOW_SPEED_TIME, request->timeout_s) == CURLE_OK &&
              curl.set(transfer, CURLOPT_ERRORBUFFER, error) == CURLE_OK &&
              curl.set(transfer, CURLOPT_WRITEFUNCTION, take) == CURLE_OK &&
              curl.set(transfer, CURLOPT_WRITEDATA, download) == CURLE_OK;
    if (ok && request->login.ca_file != NULL) {
        ok = curl.set(transfer, CURLOPT_CAINFO, request->login.ca_file) == CURLE_OK;
    }
    return ok;
}

/* A host has 253 letters at most; before 8.4.0 libcurl writes a longer one past the end of what it
 * keeps for a SOCKS proxy (CVE-2023-38545). */
static bool is_host_too_long(const char *url)
{
    const char *host = strstr(url, "://");
    return host != NULL && strcspn(host + 3, "/?#") > 253;
}

/* One file; resumed where a connection broke, while the server takes part. */
static int fetch(const char *url, const struct sync_request *request, struct download *download,
                 bool *is_absent)
{
    CURL *transfer = curl.init();
    char error[CURL_ERROR_SIZE] = "";
    *is_absent = false;
    if (is_host_too_long(url)) {
        curl.cleanup(transfer);
        return say_usage("%.60s...: no host has so long a name", url);
    }
    if (transfer == NULL || !set_up(transfer, url, request, download, error)) {
        curl.cleanup(transfer);
        return say_outside("libcurl cannot be set up for %s", url);
    }
    CURLcode result = CURLE_OK;
    for (int i = 0; i < TRIES; i++) {
        result = curl.set(transfer, CURLOPT_RESUME_FROM_LARGE, (curl_off_t)download->got.len);
        if (result == CURLE_OK) {
            result = curl.set(transfer, CURLOPT_TIMEOUT_MS, left_ms(download));
        }
        if (result == CURLE_OK) {
            result = curl.perform(transfer);
        }
        bool may_resume = (result == CURLE_PARTIAL_FILE || result == CURLE_RECV_ERROR ||
                           result == CURLE_OPERATION_TIMEDOUT) &&
                          download->got.len > 0 && left_ms(download) > 1;
        if (result == CURLE_RANGE_ERROR) {
            download->got.len =
                0; /* this server gives whole files only: once more from the start */
        } else if (!may_resume) {
            break;
        }
    }
    long status = 0;
    curl.get_info(transfer, CURLINFO_RESPONSE_CODE, &status);
    curl.cleanup(transfer);
    if (result == CURLE_OK && status >= 300) {
        return say_outside("%s: the server sends elsewhere (%ld), and redirects are not followed",
                           url, status);
    }
    if (result == CURLE_OK) {
        return EXIT_DONE;
    }
    *is_absent = status == 404;
    if (download->is_too_large) {
        return say_outside("%s: larger than %d bytes: not a bundle of ours", url, STREAM_SIZE_MAX);
    }
    if (*is_absent) {
        return EXIT_NO;
    }
    return say_outside("%s: %s", url, *error != '\0' ? error : curl.why(result));
}

static int take_bundle(struct session *session, const char *url, const struct sync_request *request,
                       mono until, struct sync_counts *counts, bool *is_absent)
{
    struct download download = {.until = until};
    int code = fetch(url, request, &download, is_absent);
    /* What came before a break is taken: each record stands alone. */
    if (download.got.len > 0 && stream_is_one((uint8_t *)download.got.at, download.got.len)) {
        int added =
            bundle_add(session, (uint8_t *)download.got.at, download.got.len, &counts->came);
        code = code == EXIT_DONE ? added : code;
    } else if (code == EXIT_DONE) {
        code = say_outside("%s: not a bundle", url);
    }
    draft_free(&download.got);
    return code;
}

int sync_fetch(const char *url, uint8_t **out, size_t *size)
{
    const struct sync_request request = {.source = url, .timeout_s = 20};
    struct download download = {.until = time_of(&request)};
    bool is_absent = false;
    int code = start_curl();
    if (code != EXIT_DONE) {
        return code;
    }
    code = fetch(url, &request, &download, &is_absent);
    if (is_absent) {
        code = say_no("%s: not there (404)", url);
    }
    if (code == EXIT_DONE && download.got.len == 0) {
        code = say_no("%s: empty", url);
    }
    if (code != EXIT_DONE) {
        draft_free(&download.got);
        return code;
    }
    *size = download.got.len;
    *out = (uint8_t *)draft_take(&download.got);
    return EXIT_DONE;
}

int sync_web(struct session *session, const struct sync_request *request,
             struct sync_counts *counts)
{
    static const char suffix[] = ".tocsin";
    bool is_absent;
    size_t len = strlen(request->source);
    mono until = time_of(request);
    int code = start_curl();
    if (code != EXIT_DONE) {
        return code;
    }
    if (len > sizeof suffix - 1 &&
        strcmp(request->source + len - (sizeof suffix - 1), suffix) == 0) {
        code = take_bundle(session, request->source, request, until, counts, &is_absent);
        return is_absent ? say_outside("%s: not there (404)", request->source) : code;
    }
    size_t found = 0, count = session->view->root_count;
    for (size_t i = 0; i < count && code == EXIT_DONE; i++) {
        char url[2048];
        if ((size_t)snprintf(url, sizeof url, "%s%s%.16s%s", request->source,
                             request->source[len - 1] == '/' ? "" : "/",
                             record_id_text(&session->view->root[i].id).text,
                             suffix) >= sizeof url) {
            return say_usage("%s: this URL is too long", request->source);
        }
        code = take_bundle(session, url, request, until, counts, &is_absent);
        found += code == EXIT_DONE;
        code = is_absent ? EXIT_DONE : code;
    }
    return code == EXIT_DONE && found == 0
               ? say_outside("%s: has no bundle of a constellation that is trusted here",
                             request->source)
               : code;
}

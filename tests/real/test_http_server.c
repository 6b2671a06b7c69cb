/* What the server answers, asked over loopback sockets.
 * links: site */
#include "http_asked.h"

static void a_feed_comes_whole_with_its_headers(void **state)
{
    (void)state;
    struct answer answer = ask("GET", "/it/a.ics", "");
    assert_int_equal(answer.status, 200);
    assert_int_equal(answer.size, strlen(feed_text));
    assert_memory_equal(answer.body, feed_text, answer.size);
    assert_string_equal(header(&answer, "Content-Type"), "text/calendar; charset=utf-8");
    assert_string_equal(header(&answer, "Referrer-Policy"), "no-referrer");
    assert_string_equal(header(&answer, "Vary"), "Accept-Encoding");
    const char *etag = header(&answer, "ETag");
    assert_non_null(etag);
    assert_int_equal(strlen(etag), 34);
    assert_int_equal(etag[0], '"');
    static const char *const never[] = {"Set-Cookie", "Server", "Location"};
    for (size_t i = 0; i < sizeof never / sizeof *never; i++) {
        assert_null(header(&answer, never[i]));
    }
    answer = ask("GET", "/", "");
    assert_int_equal(answer.status, 200);
    assert_non_null(strstr(header(&answer, "Content-Security-Policy"), "default-src 'none'"));
    assert_int_equal(ask("GET", "/it/", "").status, 200);
    assert_int_equal(ask("GET", "/it/a.ics.minisig", "").size, 9);
}

static void all_readers_get_the_same_answer(void **state)
{
    (void)state;
    struct answer one = ask("GET", "/it/a.ics", "User-Agent: one\r\nCookie: a=b\r\n");
    struct answer two = ask("GET", "/it/a.ics", "User-Agent: another\r\nAccept: text/html\r\n");
    drop_date(&one);
    drop_date(&two);
    assert_string_equal(one.head, two.head);
    assert_int_equal(one.size, two.size);
}

static void head_is_get_without_the_body(void **state)
{
    (void)state;
    struct answer get = ask("GET", "/it/a.ics", "");
    struct answer head = ask("HEAD", "/it/a.ics", "");
    drop_date(&get);
    drop_date(&head);
    assert_string_equal(head.head, get.head);
    assert_int_equal(head.size, 0);
}

static void what_is_known_is_not_sent_again(void **state)
{
    (void)state;
    struct answer answer = ask("GET", "/it/a.ics", "");
    char etag[64];
    char headers[256];
    snprintf(etag, sizeof etag, "%.60s", header(&answer, "ETag"));
    static const char *const forms[] = {"%s", "W/%s", "\"x\", %s", "\"x\",W/\"y\",  %s", "*"};
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        const char *mark = strstr(forms[i], "%s");
        snprintf(headers, sizeof headers, "If-None-Match: %.*s%s\r\n",
                 mark == NULL ? 1 : (int)(mark - forms[i]), forms[i], mark == NULL ? "" : etag);
        answer = ask("GET", "/it/a.ics", headers);
        assert_int_equal(answer.status, 304);
        assert_int_equal(answer.size, 0);
        assert_string_equal(header(&answer, "ETag"), etag);
        /* OkHttp and others wait for as many bytes as it would say */
        static const char *const never[] = {"Content-Length", "Content-Encoding",
                                            "Transfer-Encoding", "Content-Type", "Last-Modified"};
        for (size_t k = 0; k < sizeof never / sizeof *never; k++) {
            assert_null(header(&answer, never[k]));
        }
        assert_string_equal(header(&answer, "Vary"), "Accept-Encoding");
        assert_string_equal(header(&answer, "Cache-Control"), "no-cache");
    }
    static const char *const others[] = {"\"other\"", "junk", "\"", "", "W/"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        snprintf(headers, sizeof headers, "If-None-Match: %s\r\n", others[i]);
        assert_int_equal(ask("GET", "/it/a.ics", headers).status, 200);
    }
    /* the gzip form has its own */
    snprintf(headers, sizeof headers, "Accept-Encoding: gzip\r\nIf-None-Match: %s\r\n", etag);
    answer = ask("GET", "/it/a.ics", headers);
    assert_int_equal(answer.status, 200);
    assert_string_not_equal(header(&answer, "ETag"), etag);
}

/* On a connection of many requests an answer without a body ends where its head does, and what
 * comes after it is the next answer; or it says that there is none. */
static void after_what_is_known_the_connection_goes_on_or_says_that_it_ends(void **state)
{
    (void)state;
    static const char known[] =
        "GET /it/a.ics HTTP/1.1\r\nHost: localhost\r\nIf-None-Match: *\r\n\r\n";
    struct answer answer;
    char both[2 * sizeof known + 128];
    int len = snprintf(both, sizeof both, "%s%.*s\r\nConnection: close\r\n\r\n", known,
                       (int)(sizeof known - 5), known);
    int fd = dial();
    assert_int_equal(send(fd, both, (size_t)len, MSG_NOSIGNAL), len);
    hear(fd, &answer);
    close(fd);
    assert_int_equal(answer.status, 304);
    const char *connection = header(&answer, "Connection");
    if (connection != NULL) {
        assert_string_equal(connection, "close");
        assert_int_equal(answer.size, 0);
    } else {
        assert_memory_equal(answer.body, "HTTP/1.1 304", 12);
        answer.body[answer.size] = '\0';
        assert_non_null(strstr((char *)answer.body, "Connection: close\r\n"));
    }
}

static int ask_since(const char *date, const char *headers)
{
    char all[256];
    snprintf(all, sizeof all, "If-Modified-Since: %s\r\n%s", date, headers);
    struct answer answer = ask("GET", "/it/a.ics", all);
    assert_int_equal(answer.size, answer.status == 200 ? strlen(feed_text) : 0);
    return answer.status;
}

static void what_is_known_by_its_date_is_not_sent_again(void **state)
{
    (void)state;
    struct answer answer = ask("GET", "/it/a.ics", "");
    char modified[64];
    char date[64];
    char etag[96];
    snprintf(modified, sizeof modified, "%.60s", header(&answer, "Last-Modified"));
    snprintf(date, sizeof date, "%.60s", header(&answer, "Date"));
    snprintf(etag, sizeof etag, "If-None-Match: %.60s\r\n", header(&answer, "ETag"));
    assert_int_equal(strlen(modified), 29);
    assert_string_equal(modified, "Wed, 18 Nov 2026 11:06:40 GMT");
    assert_int_equal(ask_since(modified, ""), 304);
    assert_int_equal(ask_since(date, ""), 200); /* never given with these bytes */
    assert_int_equal(ask_since(modified, "Accept-Encoding: identity\r\n"), 304);
    static const char *const others[] = {"Sun, 06 Nov 1994 08:49:37 GMT", "junk", "",
                                         "Sun, 06 Nov 2107 08:49:37 GMT"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        assert_int_equal(ask_since(others[i], ""), 200);
        assert_int_equal(ask_since(others[i], etag), 304);
    }
    assert_int_equal(ask_since(modified, "If-None-Match: \"other\"\r\n"), 200);
}

static void one_connection_serves_many_requests(void **state)
{
    (void)state;
    static const char *const request[] = {"HEAD /it/a.ics HTTP/1.1\r\nHost: localhost\r\n\r\n",
                                          "HEAD /nothing HTTP/1.1\r\nHost: localhost\r\n\r\n"};
    int fd = dial();
    for (int i = 0; i < 100; i++) {
        char answer[4096];
        size_t have = 0;
        size_t len = strlen(request[i % 2]);
        assert_int_equal(send(fd, request[i % 2], len, MSG_NOSIGNAL), len);
        while (memmem(answer, have, "\r\n\r\n", 4) == NULL) {
            ssize_t got = recv(fd, answer + have, sizeof answer - have, 0);
            assert_true(got > 0);
            have += (size_t)got;
        }
        assert_memory_equal(answer, i % 2 == 0 ? "HTTP/1.1 200" : "HTTP/1.1 404", 12);
    }
    close(fd);
}

static void gzip_only_on_request(void **state)
{
    (void)state;
    static const char *const yes[] = {"gzip", "deflate, gzip;q=0.5", "*", "GZIP", "br,x-gzip"};
    for (size_t i = 0; i < sizeof yes / sizeof *yes; i++) {
        char headers[128];
        snprintf(headers, sizeof headers, "Accept-Encoding: %s\r\n", yes[i]);
        struct answer answer = ask("GET", "/it/a.ics", headers);
        assert_string_equal(header(&answer, "Content-Encoding"), "gzip");
        assert_true(answer.size < strlen(feed_text));
        uint8_t plain[sizeof feed_text];
        z_stream stream = {.next_in = answer.body,
                           .avail_in = (uInt)answer.size,
                           .next_out = plain,
                           .avail_out = sizeof plain};
        assert_int_equal(inflateInit2(&stream, 16 + MAX_WBITS), Z_OK);
        assert_int_equal(inflate(&stream, Z_FINISH), Z_STREAM_END);
        inflateEnd(&stream);
        assert_int_equal(sizeof plain - stream.avail_out, strlen(feed_text));
        assert_memory_equal(plain, feed_text, strlen(feed_text));
    }
    static const char *const no[] = {"", "identity", "gzip;q=0", "br", "gzipped", "*;q=0.0"};
    for (size_t i = 0; i < sizeof no / sizeof *no; i++) {
        char headers[128];
        snprintf(headers, sizeof headers, "Accept-Encoding: %s\r\n", no[i]);
        struct answer answer = ask("GET", "/it/a.ics", headers);
        assert_null(header(&answer, "Content-Encoding"));
        assert_int_equal(answer.size, strlen(feed_text));
    }
}

static void no_path_but_the_sites_own_is_answered(void **state)
{
    (void)state;
    static const char *const roots[] = {"etc/passwd", "it/a.ics", "index.html", ""};
    static const char *const ups[] = {
        "../",         "..%2f", "%2e%2e/",  "%2e%2e%2f",     "..\\",    "..%5c", "....//",
        "%252e%252e/", "..;/",  ".%2e/",    "%c0%ae%c0%ae/", "//",      "./../", "%00/",
        "..%00/",      "~/",    "file:///", "%u002e%u002e/", "..%c1%9c"};
    static const char *const starts[] = {"/", "/it/", "/it/a.ics/", "//"};
    size_t asked = 0;
    for (size_t s = 0; s < sizeof starts / sizeof *starts; s++) {
        for (size_t u = 0; u < sizeof ups / sizeof *ups; u++) {
            for (size_t r = 0; r < sizeof roots / sizeof *roots; r++) {
                char path[256];
                for (int times = 1; times <= 5; times += 4, asked++) {
                    int len = snprintf(path, sizeof path, "%s", starts[s]);
                    for (int i = 0; i < times; i++) {
                        len += snprintf(path + len, sizeof path - (size_t)len, "%s", ups[u]);
                    }
                    snprintf(path + len, sizeof path - (size_t)len, "%s", roots[r]);
                    int status = ask("GET", path, "").status;
                    if (status != 404 && status != 400) {
                        print_error("%s: %d\n", path, status);
                        fail();
                    }
                }
            }
        }
    }
    assert_true(asked >= 500);
    assert_int_equal(ask("GET", "/it/a.ics%00.html", "").status, 404);
    assert_int_equal(ask("GET", "/it/%61.ics", "").status, 200);
}

static void a_folder_without_its_slash_leads_to_it(void **state)
{
    (void)state;
    struct answer answer = ask("GET", "/it", "");
    assert_int_equal(answer.status, 301);
    assert_string_equal(header(&answer, "Location"), "it/"); /* right under a proxy's prefix too */
    assert_int_equal(ask("GET", "/it/", "").status, 200);
}

static void every_answer_is_for_pages_elsewhere_and_not_to_be_sniffed(void **state)
{
    (void)state;
    struct answer answer = ask("GET", "/it/a.ics", "Origin: https://example.org\r\n");
    assert_string_equal(header(&answer, "Access-Control-Allow-Origin"), "*");
    static const char *const paths[] = {"/it/a.ics", "/", "/nothing", "/it"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        answer = ask("GET", paths[i], "");
        assert_string_equal(header(&answer, "X-Content-Type-Options"), "nosniff");
    }
    answer = ask("POST", "/", "");
    assert_string_equal(header(&answer, "X-Content-Type-Options"), "nosniff");
}

/* RFC 9112 3.2 and 5.1: what two readers may read as two requests is none. */
static void a_request_that_could_mean_two_things_is_refused(void **state)
{
    (void)state;
    assert_int_equal(ask("GET", "/it/a.ics", "Host: other\r\n").status, 400);
    assert_int_equal(ask("GET", "/it/a.ics", "X : y\r\n").status, 400);
    assert_int_equal(ask("GET", "/it/a.ics", "X: y\r\n").status, 200);
}

static void a_target_may_be_a_whole_address(void **state)
{
    (void)state;
    static const char *const yes[] = {"http://localhost/it/a.ics",  "HTTP://x:80/it/", "http://x",
                                      "https://[::1]:8/index.html", "http://x?a=b",    "/?a=b"};
    static const char *const no[] = {"http://x/nothing", "http:///it/a.ics", "http://",
                                     "ftp://x/it/a.ics", "http:/it/a.ics",   "it/a.ics"};
    for (size_t i = 0; i < sizeof yes / sizeof *yes; i++) {
        assert_int_equal(ask("GET", yes[i], "").status, 200);
    }
    for (size_t i = 0; i < sizeof no / sizeof *no; i++) {
        assert_int_equal(ask("GET", no[i], "").status / 100, 4);
    }
}

static void other_methods_and_bodies_are_refused(void **state)
{
    (void)state;
    static const char *const methods[] = {"POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PROPFIND"};
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
        for (int with_body = 0; with_body <= 1; with_body++) {
            struct answer answer =
                ask(methods[i], "/it/a.ics", with_body ? "Content-Length: 1\r\n" : "");
            assert_int_equal(answer.status, 405);
            assert_string_equal(header(&answer, "Allow"), "GET, HEAD");
        }
    }
    assert_int_equal(ask("GET", "/it/a.ics", "Content-Length: 5\r\n").status, 413);
    assert_int_equal(ask("GET", "/it/a.ics", "Transfer-Encoding: chunked\r\n").status, 413);
    assert_int_equal(ask("GET", "/it/a.ics", "Content-Encoding: gzip\r\n").status, 413);
    assert_int_equal(
        ask("GET", "/it/a.ics", "Content-Length: 99999999999999999999999\r\n").status / 100, 4);
}

static void headers_have_a_limit(void **state)
{
    (void)state;
    static char headers[40000];
    /* the request line and the other headers take 72 bytes */
    for (size_t size = 7100; size <= 30100; size += 1000) {
        int len = snprintf(headers, sizeof headers, "X-Long: ");
        memset(headers + len, 'a', size);
        memcpy(headers + (size_t)len + size, "\r\n", 3);
        int status = ask("GET", "/it/a.ics", headers).status;
        if (size <= 8100) {
            assert_int_equal(status, 200);
        } else if (size < 15000) {
            assert_int_equal(status, 431);
        } else {
            /* where the library's memory is full it may only close */
            assert_true(status == 431 || status == 0);
        }
    }
}

/* A server of this process's own; its loop turns only while we wait for its answer. */
static struct answer ask_own(uv_loop_t *loop, const struct http_server *server, const char *headers)
{
    uint16_t other = server_port;
    char request[512];
    struct answer answer;
    unsigned port;
    assert_int_equal(sscanf(http_url(server), "http://127.0.0.1:%u/", &port), 1);
    server_port = (uint16_t)port;
    int len = snprintf(request, sizeof request,
                       "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n%s\r\n", headers);
    int fd = dial();
    server_port = other;
    assert_int_equal(send(fd, request, (size_t)len, MSG_NOSIGNAL), len);
    struct pollfd closed = {.fd = fd, .events = POLLRDHUP};
    for (int64_t from = now_ms(); poll(&closed, 1, 0) == 0;) {
        uv_run(loop, UV_RUN_ONCE);
        assert_true(now_ms() - from < PATIENCE_MS);
    }
    hear(fd, &answer);
    close(fd);
    return answer;
}

static void before_the_first_site_readers_are_told_to_come_back(void **state)
{
    (void)state;
    uv_loop_t loop;
    struct http_error error;
    uv_loop_init(&loop);
    struct http_server *server = http_new(&loop, "127.0.0.1:0", false, &error);
    assert_non_null(server);
    struct answer answer = ask_own(&loop, server, "");
    assert_int_equal(answer.status, 503);
    assert_string_equal(header(&answer, "Retry-After"), "2");
    save_site("second", "1", site_modified);
    show_site(&loop, server, "second");
    assert_int_equal(ask_own(&loop, server, "").status, 200);
    http_close(server);
    uv_run(&loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&loop), 0);
}

/* Whoever hides where a site is can be found by how its clock is off. */
static void where_it_is_told_to_no_answer_tells_the_time(void **state)
{
    (void)state;
    uv_loop_t loop;
    struct http_error error;
    uv_loop_init(&loop);
    struct http_server *server = http_new(&loop, "127.0.0.1:0", true, &error);
    assert_non_null(server);
    save_site("hidden", "1", site_modified);
    show_site(&loop, server, "hidden");
    struct answer answer = ask_own(&loop, server, "");
    assert_int_equal(answer.status, 200);
    assert_null(header(&answer, "Date"));
    assert_null(header(&answer, "Last-Modified"));
    assert_non_null(header(&answer, "ETag"));
    static const char since[] = "If-Modified-Since: Wed, 18 Nov 2026 11:06:40 GMT\r\n";
    assert_int_equal(ask_own(&loop, server, since).status, 200); /* nor by asking again and again */
    http_close(server);
    uv_run(&loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&loop), 0);
}

static void a_taken_port_is_told_in_one_line(void **state)
{
    (void)state;
    uv_loop_t loop;
    struct http_error error;
    char address[64];
    uv_loop_init(&loop);
    snprintf(address, sizeof address, "127.0.0.1:%u", server_port);
    assert_null(http_new(&loop, address, false, &error));
    assert_false(error.is_malformed);
    assert_non_null(strstr(error.message, "another program listens there"));
    static const char *const bad[] = {
        "",       "8080",    ":8080",         "127.0.0.1", "127.0.0.1:",      "1.2.3.4:70000",
        "::1:80", "[::1:80", "127.0.0.1:80x", "[]:80",     "127.0.0.1:08080", "127.0.0.1:00"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_null(http_new(&loop, bad[i], false, &error));
        assert_true(error.is_malformed);
        assert_non_null(strstr(error.message, "write HOST:PORT"));
    }
    assert_int_equal(uv_loop_close(&loop), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_feed_comes_whole_with_its_headers),
        cmocka_unit_test(all_readers_get_the_same_answer),
        cmocka_unit_test(head_is_get_without_the_body),
        cmocka_unit_test(what_is_known_is_not_sent_again),
        cmocka_unit_test(what_is_known_by_its_date_is_not_sent_again),
        cmocka_unit_test(after_what_is_known_the_connection_goes_on_or_says_that_it_ends),
        cmocka_unit_test(one_connection_serves_many_requests),
        cmocka_unit_test(gzip_only_on_request),
        cmocka_unit_test(no_path_but_the_sites_own_is_answered),
        cmocka_unit_test(a_folder_without_its_slash_leads_to_it),
        cmocka_unit_test(every_answer_is_for_pages_elsewhere_and_not_to_be_sniffed),
        cmocka_unit_test(a_request_that_could_mean_two_things_is_refused),
        cmocka_unit_test(a_target_may_be_a_whole_address),
        cmocka_unit_test(other_methods_and_bodies_are_refused),
        cmocka_unit_test(headers_have_a_limit),
        cmocka_unit_test(before_the_first_site_readers_are_told_to_come_back),
        cmocka_unit_test(where_it_is_told_to_no_answer_tells_the_time),
        cmocka_unit_test(a_taken_port_is_told_in_one_line),
    };
    return cmocka_run_group_tests(tests, start, stop);
}

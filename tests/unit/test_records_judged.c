/* What the reader refuses, and where it says so. */
#include "records_paper.h"

struct refusal {
    const char *text;
    int line, column;
    const char *message;
};

static void assert_all_refused(const struct refusal *refusal, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        assert_refused(refusal[i].text, refusal[i].line, refusal[i].column, refusal[i].message);
    }
}
#define ASSERT_ALL_REFUSED(list) assert_all_refused(list, sizeof(list) / sizeof *(list))

static void the_shape_of_lines_is_judged(void **state)
{
    (void)state;
    assert_read(HEAD AT TAIL);
    static const struct refusal list[] = {
        {"", 1, 1, "tocsin TYPE 1"},
        {"tocsin window 1", 1, 1, "tocsin TYPE 1"},
        {"tocsin window 2\n", 1, 1, "tocsin TYPE 1"},
        {"tocsin  window 1\n", 1, 1, "tocsin TYPE 1"},
        {"tocsin windows 1\n", 1, 1, "tocsin TYPE 1"},
        {"Tocsin window 1\n", 1, 1, "tocsin TYPE 1"},
        {"tocsin window 1\n", 2, 1, "expected a `root` line"},
        {HEAD AT "for: 1m\nexpires: 2029-01-01T00:00:00Z", 12, 30, "line feed"},
        {HEAD "\n" AT TAIL, 10, 1, "blank line"},
        {HEAD AT TAIL "\n", 13, 1, "blank line"},
        {HEAD "at a\n" TAIL, 10, 1, "key: value"},
        {HEAD ": a\n" TAIL, 10, 1, "key: value"},
        {HEAD "at:a\n" TAIL, 10, 4, "one space"},
        {HEAD "at:\n" TAIL, 10, 4, "one space"},
        {HEAD "at: \n" TAIL, 10, 5, "a value"},
        {HEAD "at:  a\n" TAIL, 10, 5, "exactly one space"},
        {HEAD "at: a \n" TAIL, 10, 6, "a space at the end"},
        {HEAD " at: a\n" TAIL, 10, 1, "unknown key"},
        {HEAD "# a comment: none\n" TAIL, 10, 1, "unknown key"},
        {HEAD "vigour: a\n" TAIL, 10, 1, "unknown key `vigour` in a window record"},
        {HEAD "vig\xC3\xB6ur: a\n" TAIL, 10, 1, "unknown key"},
        {HEAD "a-key-that-is-much-longer-than-any-we-have-ever-had: a\n" TAIL, 10, 1,
         "unknown key"},
    };
    ASSERT_ALL_REFUSED(list);
}

static void keys_stand_in_their_order(void **state)
{
    (void)state;
    static const struct refusal list[] = {
        {HEAD AT "expires: 2029-01-01T00:00:00Z\n", 11, 1, "expected a `for` line"},
        {HEAD AT "for: 1m\n", 12, 1, "expected a `expires` line"},
        {HEAD AT "tone: vigil\n" TAIL, 11, 1, "`tone` comes before `at`"},
        {HEAD AT "for: 1m\n" TAIL, 12, 1, "`for` was given above already"},
        {HEAD AT "off: a\n" AT TAIL, 12, 1, "`at` comes before `off`"},
        {HEAD AT TAIL "x-a: 1\nurl: http://a\n", 14, 1, "x- keys come last"},
        {HEAD AT TAIL "x-b: 1\nx-a: 1\n", 14, 1, "ascend"},
        {HEAD AT TAIL "x-a: 1\nx-a: 1\n", 14, 1, "ascend"},
        {HEAD AT TAIL "x-: 1\n", 13, 1, "after x-"},
        {HEAD AT TAIL "x-A: 1\n", 13, 1, "after x-"},
        {HEAD AT "x-a: 1\n" TAIL, 11, 1, "expected a `for` line"},
        {HEAD AT TAIL "x-a: \\\n", 13, 6, "lone backslash"},
    };
    ASSERT_ALL_REFUSED(list);
    assert_read(HEAD AT TAIL "x-a: 1\nx-a-b: 1\nx-a.b: 1\nx-aa: 1\n");
}

static void languages_ascend_after_the_plain_line(void **state)
{
    (void)state;
    assert_read(BEFORE_TITLE
                "title: T\ntitle.de: D\ntitle.de-at: D\ntitle.gsw: G\ntitle.zh-hant-tw: "
                "Z\nabout: \\\\ \\n\nabout.it: a\n" AFTER_TITLE);
    static const struct refusal list[] = {
        {BEFORE_TITLE "title.it: T\n" AFTER_TITLE, 6, 1, "plain line"},
        {BEFORE_TITLE "title: T\ntitle: U\n" AFTER_TITLE, 7, 1, "above already"},
        {BEFORE_TITLE "title: T\ntitle.it: U\ntitle: V\n" AFTER_TITLE, 8, 1, "above already"},
        {BEFORE_TITLE "title: T\ntitle.it: U\ntitle.de: V\n" AFTER_TITLE, 8, 7, "ascend"},
        {BEFORE_TITLE "title: T\ntitle.it: U\ntitle.it: V\n" AFTER_TITLE, 8, 7, "ascend"},
        {BEFORE_TITLE "title: T\ntitle.: U\n" AFTER_TITLE, 7, 7, "language tag"},
        {BEFORE_TITLE "title: T\ntitle.i: U\n" AFTER_TITLE, 7, 7, "language tag"},
        {BEFORE_TITLE "title: T\ntitle.ital: U\n" AFTER_TITLE, 7, 7, "language tag"},
        {BEFORE_TITLE "title: T\ntitle.IT: U\n" AFTER_TITLE, 7, 7, "language tag"},
        {BEFORE_TITLE "title: T\ntitle.i1: U\n" AFTER_TITLE, 7, 7, "language tag"},
        {BEFORE_TITLE "title: T\ntitle.it-: U\n" AFTER_TITLE, 7, 7, "language tag"},
        {BEFORE_TITLE "title: T\ntitle.it-a: U\n" AFTER_TITLE, 7, 7, "language tag"},
        {BEFORE_TITLE "title: T\ntitle.it-abcdefghi: U\n" AFTER_TITLE, 7, 7, "language tag"},
        {BEFORE_TITLE "title: T\ntitle.it.rm: U\n" AFTER_TITLE, 7, 7, "language tag"},
        {BEFORE_TITLE "title: T\ngesture.it: U\n" AFTER_TITLE, 7, 1, "unknown key"},
        {BEFORE_TITLE "title: a\\nb\n" AFTER_TITLE, 6, 9, "lone backslash"},
        {BEFORE_TITLE "title: a\\\n" AFTER_TITLE, 6, 9, "lone backslash"},
        {BEFORE_TITLE "title: a\\\\\\\n" AFTER_TITLE, 6, 11, "lone backslash"},
        {BEFORE_TITLE "title: T\nabout: \\t\n" AFTER_TITLE, 7, 8, "lone backslash"},
    };
    ASSERT_ALL_REFUSED(list);
    assert_read(BEFORE_TITLE "title: T\ntitle.it-abcdefgh: U\n" AFTER_TITLE);
}

static void letters_are_judged(void **state)
{
    (void)state;
    static const char *const good[] = {
        "\xC2\xA0",         /* U+00A0, the first after C1 */
        "\xDF\xBF",         /* U+07FF */
        "\xE0\xA0\x80",     /* U+0800 */
        "\xE2\x80\xA7",     /* U+2027 */
        "\xE2\x80\xAF",     /* U+202F */
        "\xE2\x81\xA5",     /* U+2065 */
        "\xE2\x81\xAA",     /* U+206A */
        "\xED\x9F\xBF",     /* U+D7FF */
        "\xEE\x80\x80",     /* U+E000 */
        "\xEF\xBB\xBE",     /* U+FEFE */
        "\xEF\xBC\x80",     /* U+FF00 */
        "\xF0\x90\x80\x80", /* U+10000 */
        "\xF4\x8F\xBF\xBF", /* U+10FFFF */
        "~",
    };
    static const struct {
        const char *bytes, *why;
    } bad[] = {
        {"\x01", "control"},
        {"\t", "tab"},
        {"\r", "carriage return"},
        {"\x1F", "control"},
        {"\x7F", "control"},
        {"\xC2\x80", "control"},
        {"\xC2\x9F", "control"},
        {"\xE2\x80\xA8", "separator"},
        {"\xE2\x80\xA9", "separator"},
        {"\xE2\x80\xAA", "direction"},
        {"\xE2\x80\xAE", "direction"},
        {"\xE2\x81\xA6", "direction"},
        {"\xE2\x81\xA9", "direction"},
        {"\xEF\xBB\xBF", "byte order mark"},
        {"\x80", "UTF-8"},             /* a lone continuation */
        {"\xC1\xBF", "UTF-8"},         /* overlong */
        {"\xE0\x9F\xBF", "UTF-8"},     /* overlong */
        {"\xF0\x8F\xBF\xBF", "UTF-8"}, /* overlong */
        {"\xED\xA0\x80", "UTF-8"},     /* surrogates */
        {"\xED\xBF\xBF", "UTF-8"},
        {"\xF4\x90\x80\x80", "UTF-8"}, /* past U+10FFFF */
        {"\xF5\x80\x80\x80", "UTF-8"},
        {"\xFF", "UTF-8"},
        {"\xC3", "UTF-8"}, /* cut short */
        {"\xE2\x82", "UTF-8"},
        {"\xF0\x9F\x95", "UTF-8"},
    };
    char text[512];
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        snprintf(text, sizeof text, BEFORE_TITLE "title: a%sb\n" AFTER_TITLE, good[i]);
        assert_read(text);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        snprintf(text, sizeof text, BEFORE_TITLE "title: a%sb\n" AFTER_TITLE, bad[i].bytes);
        assert_refused(text, 6, 9, bad[i].why);
        struct record_error error; /* and at the very end of the bytes */
        snprintf(text, sizeof text, "tocsin window 1\n%s", bad[i].bytes);
        assert_false(is_read(text, strlen(text), &error));
    }
    struct record_error error;
    assert_false(is_read("tocsin\0window 1\n", 16, &error));
    assert_int_equal(error.column, 7);
}

static void values_are_judged(void **state)
{
    (void)state;
    static const struct refusal list[] = {
        /* the shape of all lines is judged before any value */
        {"tocsin window 1\nroot: " UID "\n", 3, 1, "expected a `uid`"},
        {"tocsin cancel 1\nroot: " UID "\nuid: " UID "\nseq: 1\nprev: " ID_A
         "\nmade: 2026-11-23T12:00:00Z\nreason: r\n",
         2, 7, "64 lower-case hex"},
        {"tocsin cancel 1\nroot: " ID_A
         "\nuid: 0123456789ABCDEF0123456789abcdef\nseq: 1\nprev: " ID_A
         "\nmade: 2026-11-23T12:00:00Z\nreason: r\n",
         3, 6, "32 lower-case hex"},
        {"tocsin cancel 1\nroot: " ID_A "\nuid: " UID "\nseq: 01\nprev: " ID_A
         "\nmade: 2026-11-23T12:00:00Z\nreason: r\n",
         4, 6, "no leading zero"},
        {"tocsin cancel 1\nroot: " ID_A "\nuid: " UID "\nseq: 0\nprev: " ID_A
         "\nmade: 2026-11-23T12:00:00Z\nreason: r\n",
         4, 6, "a number from 1"},
        {"tocsin cancel 1\nroot: " ID_A "\nuid: " UID "\nseq: +1\nprev: " ID_A
         "\nmade: 2026-11-23T12:00:00Z\nreason: r\n",
         4, 6, "a number"},
        {"tocsin cancel 1\nroot: " ID_A "\nuid: " UID "\nseq: 1\nprev: " ID_A
         "\nmade: 2026-11-23T12:00:60Z\nreason: r\n",
         6, 7, "an instant"},
        {"tocsin cancel 1\nroot: " ID_A "\nuid: " UID "\nseq: 1\nprev: " ID_A
         "\nmade: 2026-11-23T12:00:00+00:00\nreason: r\n",
         6, 7, "an instant"},
        {"tocsin cancel 1\nroot: " ID_A "\nuid: " UID "\nseq: 1\nprev: " ID_A "\nprev: " ID_A
         "\nmade: 2026-11-23T12:00:00Z\nreason: r\n",
         6, 1, "prev ids ascend"},
        {"tocsin cancel 1\nroot: " ID_A "\nuid: " UID "\nseq: 1\nprev: " ID_B "\nprev: " ID_A
         "\nmade: 2026-11-23T12:00:00Z\nreason: r\n",
         6, 1, "prev ids ascend"},
        {"tocsin window 1\nroot: " ID_A "\nuid: " UID "\nseq: 0\nprev: " ID_A
         "\nmade: 2026-11-23T12:00:00Z\ntitle: T\n" AFTER_TITLE,
         5, 1, "no prev"},
        {"tocsin window 1\nroot: " ID_A "\nuid: " UID
         "\nseq: 1\nmade: 2026-11-23T12:00:00Z\ntitle: T\n" AFTER_TITLE,
         4, 1, "needs a prev line"},
        {HEAD "at: A 2027-08-02T08:25:00Z\n" TAIL, 10, 5, "occurrence's key"},
        {HEAD "at: a\n" TAIL, 10, 6, "an instant"},
        {HEAD "at: a  2027-08-02T08:25:00Z\n" TAIL, 10, 7, "an instant"},
        {HEAD "at: a 2027-08-02T08:25:00Z Roma\n" TAIL, 10, 28, "wave: place"},
        {HEAD "at: a 1699-08-02T08:25:00Z\n" TAIL, 10, 7, "an instant"},
        {HEAD AT AT TAIL, 11, 1, "used above already"},
        {HEAD AT "off: b\n" TAIL, 11, 1, "no `at` or `on` line"},
        {HEAD AT "off: a\noff: a\n" TAIL, 12, 1, "named above already"},
        {HEAD AT "off: B\n" TAIL, 11, 6, "key of an occurrence"},
        {HEAD AT "for: 60s\nexpires: 2029-01-01T00:00:00Z\n", 11, 6, "1s to 720h"},
        {HEAD AT "for: 1d\nexpires: 2029-01-01T00:00:00Z\n", 11, 6, "1s to 720h"},
        {HEAD AT "for: 1m\nrest: 0s\nexpires: 2029-01-01T00:00:00Z\n", 12, 7, "1s to 720h"},
        {HEAD AT "for: 1m\nbeacon: CE7E242594414EC4\nexpires: 2029-01-01T00:00:00Z\n", 12, 9,
         "16 lower-case hex"},
        {HEAD AT "for: 1m\nbeacon: ce7e242594414ec4\nbeacon: ce7e242594414ec4\n"
                 "expires: 2029-01-01T00:00:00Z\n",
         13, 1, "named above already"},
        {BEFORE_TITLE "title: T\ngesture: g\ntone: sad\nrule: r\n" AT TAIL, 8, 7,
         "mourning, vigil"},
        {HEAD TAIL, 9, 1, "`at` lines"},
    };
    ASSERT_ALL_REFUSED(list);
    assert_read(HEAD AT "for: 1m\nbeacon: ce7e242594414ec4\nbeacon: ce7e242594414ec5\n"
                        "expires: 2029-01-01T00:00:00Z\n");
}

static void waves_have_their_lines(void **state)
{
    (void)state;
    assert_read(HEAD ON "wave: 20:00\n" TAIL);
    assert_read(HEAD ON "wave: 20:00:30\noff: a\n" TAIL);
    assert_read(HEAD ON "wave: place\n" AT_PLACE_ROMA TAIL);
    assert_read(HEAD ON "wave: place\n" AT_PLACE_ROMA "at: a 2027-08-02T08:25:00Z New York\n" TAIL);
    assert_read(HEAD ON "wave: day\nfor: 2d\nexpires: 2029-01-01T00:00:00Z\n");
    static const struct refusal list[] = {
        {HEAD ON TAIL, 10, 1, "need a `wave` line"},
        {HEAD "wave: 20:00\n" TAIL, 10, 1, "`on` lines before"},
        {HEAD "wave: 20:00\n" AT TAIL, 10, 1, "`on` lines before"},
        {HEAD ON "wave: 20:00\n" AT TAIL, 12, 1, "no instants of its own"},
        {HEAD ON "wave: day\n" AT "for: 1d\nexpires: 2029-01-01T00:00:00Z\n", 12, 1,
         "no instants of its own"},
        {HEAD ON "wave: place\n" TAIL, 11, 1, "for each key and place"},
        {HEAD ON "wave: place\n" AT TAIL, 12, 27, "the place's name"},
        {HEAD ON "wave: place\nat: a 2027-08-02T08:25:00Z  Roma\n" TAIL, 12, 28, "place's name"},
        {HEAD ON "wave: place\nat: b 2027-08-02T08:25:00Z Roma\n" TAIL, 12, 1, "no `on` line"},
        {HEAD ON "wave: place\n" AT_PLACE_ROMA AT_PLACE_ROMA TAIL, 13, 1, "used above already"},
        {HEAD ON ON "wave: 20:00\n" TAIL, 11, 1, "used above already"},
        {HEAD ON "wave: 24:00\n" TAIL, 11, 7, "HH:MM"},
        {HEAD ON "wave: 20:00:00\n" TAIL, 11, 7, "HH:MM"},
        {HEAD ON "wave: 8:00\n" TAIL, 11, 7, "HH:MM"},
        {HEAD ON "wave: days\n" TAIL, 11, 7, "HH:MM"},
        {HEAD "on: a 2027-02-29\nwave: 20:00\n" TAIL, 10, 7, "a date"},
        {HEAD "on: a\nwave: 20:00\n" TAIL, 10, 6, "a date"},
        {HEAD "on: a! 2027-02-28\nwave: 20:00\n" TAIL, 10, 5, "occurrence's key"},
        {HEAD "wave: 20:00\n" ON TAIL, 11, 1, "`on` comes before `wave`"},
        {HEAD ON "wave: day\nfor: 24h\nexpires: 2029-01-01T00:00:00Z\n", 12, 6, "whole days"},
        {HEAD ON "wave: 20:00\nfor: 1d\nexpires: 2029-01-01T00:00:00Z\n", 12, 6, "1s to 720h"},
    };
    ASSERT_ALL_REFUSED(list);
}

static void roots_are_judged(void **state)
{
    (void)state;
    assert_read(ROOT_HEAD ANNA ROOT_TAIL);
    static const struct refusal list[] = {
        {ROOT_HEAD ROOT_TAIL, 5, 1, "expected a `organizer` line"},
        {"tocsin root 1\nname: P\nversion: 0\nthreshold: 1\n" ANNA ROOT_TAIL, 3, 10,
         "number from 1"},
        {"tocsin root 1\nname: P\nversion: 1\nthreshold: 0\n" ANNA ROOT_TAIL, 4, 12,
         "number from 1"},
        {"tocsin root 1\nroot: " ID_A "\nname: P\nversion: 1\nthreshold: 1\n" ANNA ROOT_TAIL, 2, 1,
         "version 1 has no root"},
        {"tocsin root 1\nname: P\nversion: 1\nprev: " ID_A "\nthreshold: 1\n" ANNA ROOT_TAIL, 4, 1,
         "version 1 has no prev"},
        {"tocsin root 1\nname: P\nversion: 2\nprev: " ID_A "\nthreshold: 1\n" ANNA ROOT_TAIL, 3, 1,
         "needs a root line"},
        {"tocsin root 1\nroot: " ID_A "\nname: P\nversion: 2\nthreshold: 1\n" ANNA ROOT_TAIL, 4, 1,
         "needs a prev line"},
        {ROOT_HEAD "organizer: " KEY_A "\n" ROOT_TAIL, 5, 68, "a name"},
        {ROOT_HEAD "organizer: " KEY_A "  Anna\n" ROOT_TAIL, 5, 69, "a name"},
        {ROOT_HEAD "organizer: " UID " Anna\n" ROOT_TAIL, 5, 12, "minisign public key"},
        {ROOT_HEAD "organizer: XX" KEY_A " Anna\n" ROOT_TAIL, 5, 12, "minisign public key"},
        {ROOT_HEAD
         "organizer: RUTETkGUJSR+zoo4psBqU9TekSC399YPqNtGhrWf0TveEzOke9H1dXRi Anna\n" ROOT_TAIL,
         5, 12, "minisign public key"},
        {ROOT_HEAD
         "organizer: RWTETkGUJSR-zoo4psBqU9TekSC399YPqNtGhrWf0TveEzOke9H1dXRi Anna\n" ROOT_TAIL,
         5, 12, "minisign public key"},
        {ROOT_HEAD
         "organizer: ======================================================== A\n" ROOT_TAIL,
         5, 12, "minisign public key"},
        {ROOT_HEAD
         "organizer: ==TETkGUJSR+zoo4psBqU9TekSC399YPqNtGhrWf0TveEzOke9H1dXRi A\n" ROOT_TAIL,
         5, 12, "minisign public key"},
        {ROOT_HEAD
         "organizer: RWTETkGUJSR+zoo4psBqU9TekSC399YPqNtGhrWf0TveEzOke9H1dX== A\n" ROOT_TAIL,
         5, 12, "minisign public key"},
        /* libsodium's decoder takes this U+01E8 for two letters of base64 */
        {ROOT_HEAD
         "organizer: RWTETkGUJSR+zoo4psBqU9TekSC39\xC7\xA8PqNtGhrWf0TveEzOke9H1dXRi A\n" ROOT_TAIL,
         5, 12, "minisign public key"},
        {ROOT_HEAD ANNA "feed: " KEY_A "\n" ROOT_TAIL, 6, 63, "a URL"},
        {ROOT_HEAD ANNA "feed: " KEY_A " ftp://a\n" ROOT_TAIL, 6, 64, "URL that begins with"},
        {ROOT_HEAD ANNA "keep: " ID_A "\nkeep: " ID_B "\nkeep: " ID_A "\n" ROOT_TAIL, 8, 1,
         "named above already"},
        {"tocsin revoke 1\nroot: " ID_A "\nkey: " KEY_A " Anna\nmade: 2026-11-23T12:00:00Z\n", 3, 6,
         "minisign public key"},
        {"tocsin heartbeat 1\nroot: " ID_A "\nby: ce7e242594414ec4\nmade: 2026-11-23T12:00:00Z\n"
         "next: 2026-11-24T12:00:00Z\ncount: 1\ndigest: " ID_A "\nholds: " ID_B "\nholds: " ID_B
         "\n",
         9, 1, "named above already"},
    };
    ASSERT_ALL_REFUSED(list);
}

static void addresses_are_judged(void **state)
{
    (void)state;
    static const char *const good[] = {
        "http://a",          "https://example.org/", "mqtt://h:1883",
        "mqtts://h:65535/x", "ws://127.0.0.1:80",    "wss://[2001:db8::1]:8080/mqtt",
        "https://a?b=c",     "https://a#b",          "https://a/%20/b@c:d",
    };
    static const struct {
        const char *url;
        int column;
        const char *why;
    } bad[] = {
        {"a", 6, "begins with"},
        {"HTTP://a", 6, "begins with"},
        {"file:///etc", 6, "begins with"},
        {"http:/a", 6, "begins with"},
        {"http://", 13, "host's name"},
        {"http:///a", 13, "host's name"},
        {"http://:80", 13, "host's name"},
        {"http://u@h", 14, "without user"},
        {"http://u:p@h/", 16, "without user"},
        {"http://h:", 15, "a port"},
        {"http://h:0", 15, "a port"},
        {"http://h:080", 15, "a port"},
        {"http://h:65536", 15, "a port"},
        {"http://h:100000", 15, "a port"},
        {"http://h:8a", 15, "a port"},
        {"http://h!", 14, "ASCII letters"},
        {"http://h\xC3\xA9", 14, "ASCII letters"},
        {"http://[::1", 17, "brackets"},
        {"http://[]", 14, "brackets"},
        {"http://[g]", 14, "brackets"},
        {"http://[::1]8", 18, "port or a path"},
        {"http://h/a b", 16, "characters of a URL"},
        {"http://h/<", 15, "characters of a URL"},
        {"http://h/%2", 15, "two hex digits"},
        {"http://h/%2g", 15, "two hex digits"},
        {"http://h/%", 15, "two hex digits"},
        {"http://h/\xC3\xA9", 15, "characters of a URL"},
    };
    char text[512];
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        snprintf(text, sizeof text, HEAD AT "for: 1m\nurl: %s\nexpires: 2029-01-01T00:00:00Z\n",
                 good[i]);
        assert_read(text);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        snprintf(text, sizeof text, HEAD AT "for: 1m\nurl: %s\nexpires: 2029-01-01T00:00:00Z\n",
                 bad[i].url);
        assert_refused(text, 12, bad[i].column, bad[i].why);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_shape_of_lines_is_judged),
        cmocka_unit_test(keys_stand_in_their_order),
        cmocka_unit_test(languages_ascend_after_the_plain_line),
        cmocka_unit_test(letters_are_judged),
        cmocka_unit_test(values_are_judged),
        cmocka_unit_test(waves_have_their_lines),
        cmocka_unit_test(roots_are_judged),
        cmocka_unit_test(addresses_are_judged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

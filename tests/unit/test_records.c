#include "check.h"

#include "instants/stamp.h"
#include "records/record.h"

#define ID_A  "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
#define ID_B  "11112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
#define UID   "0123456789abcdef0123456789abcdef"
#define KEY_A "RWTETkGUJSR+zoo4psBqU9TekSC399YPqNtGhrWf0TveEzOke9H1dXRi"

#define TEXT(literal) ((struct text){literal, sizeof(literal) - 1})

static struct record *read_text(const char *text, struct record_error *error)
{
    struct record *record = NULL;
    return record_read((const uint8_t *)text, strlen(text), leap_builtin(), &record, error) ? record
                                                                                            : NULL;
}

static struct record *read_good(const char *text)
{
    struct record_error error;
    struct record *record = read_text(text, &error);
    if (record == NULL) {
        print_error("%d:%d: %s\n", error.line, error.column, error.message);
        fail();
    }
    return record;
}

static void assert_writes_back(const struct record *record)
{
    char text[RECORD_SIZE_MAX];
    size_t size;
    struct record_error error;
    if (!record_write(record, leap_builtin(), text, &size, &error)) {
        print_error("%d:%d: %s\n", error.line, error.column, error.message);
        fail();
    }
    assert_int_equal(size, record->size);
    assert_memory_equal(text, record->bytes, size);
}

static const char window_text[] = "tocsin window 1\n"
                                  "root: " ID_A "\n"
                                  "uid: " UID "\n"
                                  "seq: 0\n"
                                  "made: 2026-11-23T12:00:00Z\n"
                                  "title: A minute for Bologna\n"
                                  "title.it: Un minuto per Bologna\n"
                                  "about: first\\nsecond \\\\ third\n"
                                  "gesture: silence\n"
                                  "tone: mourning\n"
                                  "rule: 2 august at 10:25 in Europe/Rome for 1m\n"
                                  "zones: 2026f\n"
                                  "at: 2027 2027-08-02T08:25:00Z\n"
                                  "at: 2028 2028-08-02T08:25:00Z\n"
                                  "off: 2028\n"
                                  "for: 1m\n"
                                  "rest: 24h\n"
                                  "url: https://example.org/bologna\n"
                                  "beacon: ce7e242594414ec4\n"
                                  "expires: 2029-01-01T00:00:00Z\n"
                                  "x-colour: violet\n";

static void a_window_is_read_into_its_values(void **state)
{
    (void)state;
    struct record *record = read_good(window_text);
    const struct record_window *window = &record->is.window;
    assert_int_equal(record->type, RECORD_WINDOW);
    assert_int_equal(window->seq, 0);
    assert_int_equal(window->title_count, 2);
    assert_text_equal(window->title[1].tag, "it");
    assert_text_equal(record_prose_in(window->title, window->title_count, "de,it"),
                      "Un minuto per Bologna");
    assert_text_equal(record_prose_in(window->title, window->title_count, "de"),
                      "A minute for Bologna");
    char about[64];
    assert_int_equal(record_unescape(window->about[0].value, about, sizeof about), 20);
    assert_string_equal(about, "first\nsecond \\ third");
    assert_int_equal(window->tone, TONE_MOURNING);
    assert_int_equal(window->wave, WAVE_NONE);
    assert_int_equal(window->at_count, 2);
    assert_text_equal(window->at[0].key, "2027");
    utc at;
    assert_true(stamp_read("2027-08-02T08:25:00Z", 20, &at));
    assert_instant_equal(window->at[0].at, leap_from_utc(leap_builtin(), at, NULL));
    assert_text_equal(window->off[0], "2028");
    assert_int_equal(window->duration.ns, 60 * NS_PER_S);
    assert_true(window->has_rest);
    char shown[RECORD_KEY_ID_TEXT_SIZE];
    record_key_id_write(&window->beacon[0], shown);
    assert_string_equal(shown, "ce7e242594414ec4");
    assert_int_equal(window->beacon[0].bytes[0], 0xc4); /* file order: least byte first */
    assert_int_equal(record->extra_count, 1);
    assert_text_equal(record->extra[0].value, "violet");
    assert_writes_back(record);
    record_free(record);
}

static const char *const good_texts[] = {
    "tocsin window 1\nroot: " ID_A "\nuid: " UID "\nseq: 1\nprev: " ID_A "\nprev: " ID_B
    "\nmade: 2026-11-23T12:00:00.5Z\ntitle: Candles\ngesture: candles\ntone: vigil\n"
    "rule: 25 april at 20:00 everywhere for 15m\non: 2027 2027-04-25\non: 2028 2028-04-25\n"
    "wave: 20:00\nfor: 15m\nexpires: 2029-01-01T00:00:00Z\n",
    "tocsin window 1\nroot: " ID_A "\nuid: " UID "\nseq: 0\n"
    "made: 2026-11-23T12:00:00Z\ntitle: Dusk\ngesture: candles\ntone: reflection\n"
    "rule: 25 april at sunset for 15m\non: 2027 2027-04-25\n"
    "wave: place\nat: 2027 2027-04-25T18:03:11.25Z Roma\nat: 2027 2027-04-25T23:41:02Z New York\n"
    "for: 15m\nexpires: 2029-01-01T00:00:00Z\n",
    "tocsin window 1\nroot: " ID_A "\nuid: " UID "\nseq: 0\n"
    "made: 2026-11-23T12:00:00Z\ntitle: Murals\ngesture: mural\ntone: celebration\n"
    "rule: weekend containing 1 may\non: 2027 2027-05-01\nwave: day\nfor: 2d\n"
    "expires: 2029-01-01T00:00:00Z\n",
    "tocsin root 1\nname: Ponte\nversion: 1\nthreshold: 1\norganizer: " KEY_A " Anna\n"
    "made: 1912-04-15T02:20:00Z\nexpires: 2027-11-23T12:00:00Z\n",
    "tocsin root 1\nroot: " ID_A "\nname: Ponte\nversion: 2\nprev: " ID_A "\nthreshold: 1\n"
    "organizer: " KEY_A " Anna Bianchi\nbeacon: " KEY_A " campanile\n"
    "feed: " KEY_A " https://ponte.example/feed.ics\nbroker: mqtts://ponte.example:8883\n"
    "broker: wss://[2001:db8::1]/mqtt\nlock: 24h\nkeep: " ID_B "\n"
    "made: 2026-11-23T12:00:00Z\nexpires: 2027-11-23T12:00:00Z\n",
    "tocsin cancel 1\nroot: " ID_A "\nuid: " UID "\nseq: 1\nprev: " ID_B
    "\nmade: 2026-11-23T12:00:00Z\nreason: the square is closed\n",
    "tocsin revoke 1\nroot: " ID_A "\nkey: " KEY_A "\nmade: 2026-11-23T12:00:00Z\nkeep: " ID_B "\n",
    "tocsin heartbeat 1\nroot: " ID_A "\nby: ce7e242594414ec4\nmade: 2026-11-23T12:00:00Z\n"
    "next: 2026-11-24T12:00:00Z\ncount: 1\ndigest: " ID_A "\nholds: " ID_B "\n",
};

static void every_type_is_written_back_byte_for_byte(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof good_texts / sizeof *good_texts; i++) {
        struct record *record = read_good(good_texts[i]);
        assert_writes_back(record);
        record_free(record);
    }
}

/* Writes a changed copy of a good record, which must be refused at this line. */
static void assert_unwritable(const struct record *record, int line, const char *message)
{
    char text[RECORD_SIZE_MAX + 1] = "";
    size_t size;
    struct record_error error = {0};
    assert_false(record_write(record, leap_builtin(), text, &size, &error));
    const char *at = text;
    for (int i = 0; i < line; i++) { /* who is told of the line can show it */
        at = strchr(at, '\n');
        assert_non_null(at++);
    }
    if (error.line != line || strstr(error.message, message) == NULL) {
        print_error("%d:%d: %s\n", error.line, error.column, error.message);
        fail();
    }
}

/* What no line can say must not be signed as something else. */
static void a_value_that_would_read_back_otherwise_is_not_written(void **state)
{
    (void)state;
    struct record *good = read_good(window_text), bad = *good;
    bad.is.window.gesture = TEXT("silence\ntone: vigil");
    assert_unwritable(&bad, 11, "above already");
    bad = *good;
    bad.is.window.rule = TEXT("");
    assert_unwritable(&bad, 11, "a value");
    bad = *good;
    bad.is.window.duration.ns += NS_PER_S / 2;
    assert_unwritable(&bad, 16, "`for` cannot be written");
    bad = *good;
    bad.is.window.made.tai_ns = INT64_MAX;
    assert_unwritable(&bad, 5, "an instant");
    bad = *good;
    bad.is.window.wave = WAVE_CLOCK;
    bad.is.window.wave_time = (struct civil_time){25, 0, 0, 0};
    assert_unwritable(&bad, 13, "HH:MM");
    bad = *good;
    bad.extra_count = 0;
    bad.is.window.expires.tai_ns++; /* fine: a nanosecond has its text */
    char text[RECORD_SIZE_MAX];
    size_t size;
    struct record_error error;
    assert_true(record_write(&bad, leap_builtin(), text, &size, &error));
    struct record_prose titles[2] = {good->is.window.title[0], {{"", 0}, {"twice", 5}}};
    bad = *good;
    bad.is.window.title = titles;
    assert_unwritable(&bad, 7, "above already");
    struct record_extra extra = {TEXT("x-a: 1\nx-b"), TEXT("2")};
    bad = *good;
    bad.extra = &extra;
    assert_unwritable(&bad, 21, "`x-` cannot be written");
    extra = (struct record_extra){TEXT("x-a"), TEXT("1\nx-b: 2")};
    assert_unwritable(&bad, 21, "`x-` cannot be written");
    static char long_text[RECORD_SIZE_MAX];
    memset(long_text, 'a', sizeof long_text);
    bad = *good;
    bad.is.window.gesture = (struct text){long_text, sizeof long_text};
    assert_unwritable(&bad, 1, "longer than 16384");
    record_free(good);
    /* a wave by place, whose key would swallow the instant */
    good = read_good(good_texts[1]);
    bad = *good;
    struct record_at at[2] = {good->is.window.at[0], good->is.window.at[1]};
    at[1].key = TEXT("2027 2027-04-25T18:03:11Z");
    bad.is.window.at = at;
    assert_unwritable(&bad, 13, "`at` cannot be written");
    bad = *good;
    bad.is.window.wave_time.hour = 3; /* says nothing where the wave is by place */
    assert_true(record_write(&bad, leap_builtin(), text, &size, &error));
    record_free(good);
    good = read_good(good_texts[0]);
    bad = *good;
    bad.is.window.wave_time.ns = 5;
    assert_unwritable(&bad, 14, "`wave` cannot be written");
    bad = *good;
    struct record_on on[2] = {good->is.window.on[0], good->is.window.on[1]};
    on[0].date.year = 12027;
    bad.is.window.on = on;
    assert_unwritable(&bad, 12, "`on` cannot be written");
    record_free(good);
    good = read_good(good_texts[4]);
    bad = *good;
    struct record_key organizer = good->is.root.organizer[0];
    organizer.name = TEXT("A\nbeacon: " KEY_A " B");
    bad.is.root.organizer = &organizer;
    assert_unwritable(&bad, 7, "`organizer` cannot be written");
    record_free(good);
}

static void a_record_belongs_to_its_constellation(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof good_texts / sizeof *good_texts; i++) {
        struct record *record = read_good(good_texts[i]);
        char id[RECORD_ID_TEXT_SIZE];
        record_id_write(record_root_of(record), id);
        if (strstr(good_texts[i], "root: ") == NULL) {
            assert_true(record_id_equal(record_root_of(record), &record->id));
        } else {
            assert_string_equal(id, ID_A);
        }
        char first[32];
        snprintf(first, sizeof first, "tocsin %s 1\n", record_type_name(record->type));
        assert_memory_equal(record->bytes, first, strlen(first));
        record_free(record);
    }
}

/* BLAKE2b-256 of nothing and of "abc": RFC 7693's function, values from b2sum -l 256. */
static void an_id_is_the_hash_of_the_bytes(void **state)
{
    (void)state;
    struct record_id id;
    char text[RECORD_ID_TEXT_SIZE];
    record_id_of((const uint8_t *)"", 0, &id);
    record_id_write(&id, text);
    assert_string_equal(text, "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8");
    record_id_of((const uint8_t *)"abc", 3, &id);
    record_id_write(&id, text);
    assert_string_equal(text, "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
    struct record_id back;
    assert_true(record_id_read(text, 64, &back));
    assert_int_equal(record_id_compare(&id, &back), 0);
    assert_false(record_id_read(text, 63, &back));
    text[5] = 'G';
    assert_false(record_id_read(text, 64, &back));
    struct record_uid uid, same;
    char shown[RECORD_UID_TEXT_SIZE];
    assert_true(record_uid_read(UID, 32, &uid));
    record_uid_write(&uid, shown);
    assert_string_equal(shown, UID);
    assert_true(record_uid_read(shown, 32, &same));
    assert_true(record_uid_equal(&uid, &same));
    struct record_key_id key_id;
    assert_false(record_key_id_read("CE7E242594414EC4", 16, &key_id));
    assert_true(record_key_id_read("ce7e242594414ec4", 16, &key_id));
    /* and as values */
    assert_string_equal(record_id_text(&id).text,
                        "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
    assert_string_equal(record_uid_text(&uid).text, UID);
    assert_string_equal(record_key_id_text(&key_id).text, "ce7e242594414ec4");
}

static void escapes_go_both_ways(void **state)
{
    (void)state;
    char out[16];
    assert_true(record_escape("a\\b", false, out, sizeof out));
    assert_string_equal(out, "a\\\\b");
    assert_true(record_escape("two\nlines", true, out, sizeof out));
    assert_string_equal(out, "two\\nlines");
    assert_false(record_escape("two\nlines", false, out, sizeof out));
    assert_false(record_escape("bell\a", true, out, sizeof out));
    assert_false(record_escape("\xFF", true, out, sizeof out));
    assert_true(record_escape("", true, out, 1));
    assert_false(record_escape("", true, out, 0));
    for (size_t size = 0; size <= 9; size++) { /* eight letters and the NUL */
        memset(out, '#', sizeof out);
        assert_int_equal(record_escape("ab\n\\cd", true, out, size), size >= 9);
        assert_int_equal(out[size], '#');
    }
    struct text value = {"ab\\n\\\\cd", 8};
    for (size_t size = 0; size <= 7; size++) {
        memset(out, '#', sizeof out);
        assert_int_equal(record_unescape(value, out, size), 6);
        assert_int_equal(out[size], '#');
        if (size > 0) {
            assert_memory_equal(out, "ab\n\\cd", size - 1);
            assert_int_equal(out[size - 1], '\0');
        }
    }
    /* no letter is cut in two: a 1, é 2, 警 3, 😀 4 bytes */
    static const char letters[] = "a\xc3\xa9\xe8\xad\xa6\xf0\x9f\x98\x80";
    static const size_t fit[] = {0, 0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10};
    for (size_t size = 1; size <= sizeof letters; size++) {
        assert_int_equal(record_unescape(TEXT(letters), out, size), sizeof letters - 1);
        assert_int_equal(strlen(out), fit[size]);
        assert_memory_equal(out, letters, fit[size]);
    }
    assert_int_equal(record_unescape(TEXT("a\\"), out, sizeof out), 2);
    assert_string_equal(out, "a\\"); /* no record holds a lone backslash; it is kept */
}

static void a_language_is_found_or_the_plain_one(void **state)
{
    (void)state;
    struct record_prose prose[] = {
        {{"", 0}, {"plain", 5}}, {{"en", 2}, {"english", 7}}, {{"en-gb", 5}, {"british", 7}}};
    assert_text_equal(record_prose_in(prose, 3, "it,en-gb,en"), "british");
    assert_text_equal(record_prose_in(prose, 3, "en"), "english");
    assert_text_equal(record_prose_in(prose, 3, "it"), "plain");
    assert_text_equal(record_prose_in(prose, 3, ",,it,"), "plain");
    assert_text_equal(record_prose_in(prose, 3, ""), "plain");
    assert_text_equal(record_prose_in(prose, 3, NULL), "plain");
    assert_text_equal(record_prose_in(prose, 0, "en"), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_window_is_read_into_its_values),
        cmocka_unit_test(every_type_is_written_back_byte_for_byte),
        cmocka_unit_test(a_value_that_would_read_back_otherwise_is_not_written),
        cmocka_unit_test(a_record_belongs_to_its_constellation),
        cmocka_unit_test(an_id_is_the_hash_of_the_bytes),
        cmocka_unit_test(escapes_go_both_ways),
        cmocka_unit_test(a_language_is_found_or_the_plain_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

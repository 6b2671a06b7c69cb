#include "check.h"

#include "instants/stamp.h"
#include "records/record.h"

#define ID_A  "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
#define ID_B  "11112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
#define UID   "0123456789abcdef0123456789abcdef"
#define KEY_A "RWTETkGUJSR+zoo4psBqU9TekSC399YPqNtGhrWf0TveEzOke9H1dXRi"

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
    "tocsin root 1\nname: Ponte\nversion: 1\nthreshold: 2\norganizer: " KEY_A " Anna\n"
    "organizer: RWTETkGUJSR+z4o4psBqU9TekSC399YPqNtGhrWf0TveEzOke9H1dXRi Ben \n",
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
    int trailing_space_refused = 0;
    for (size_t i = 0; i < sizeof good_texts / sizeof *good_texts; i++) {
        if (i == 3) { /* a trailing space: refused */
            struct record_error error;
            assert_null(read_text(good_texts[i], &error));
            assert_int_equal(error.line, 6);
            trailing_space_refused++;
            continue;
        }
        struct record *record = read_good(good_texts[i]);
        assert_writes_back(record);
        record_free(record);
    }
    assert_int_equal(trailing_space_refused, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_window_is_read_into_its_values),
        cmocka_unit_test(every_type_is_written_back_byte_for_byte),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

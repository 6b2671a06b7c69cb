/* A folder into which people drop bundles: what counts, when, and what is told. */
#include "check.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "folder.h"
#include "inbox/inbox.h"

struct heard {
    char names[400], told[2000];
    size_t bytes;
    bool refuses;
};

static bool take(void *context, const char *name, const uint8_t *bytes, size_t size)
{
    struct heard *heard = context;
    size_t len = strlen(heard->names);
    assert_non_null(bytes);
    snprintf(heard->names + len, sizeof heard->names - len, "%s ", name);
    heard->bytes = size;
    return !heard->refuses;
}

static void tell(void *context, const char *sentence)
{
    struct heard *heard = context;
    size_t len = strlen(heard->told);
    snprintf(heard->told + len, sizeof heard->told - len, "%s\n", sentence);
}

static char dir[] = "/tmp/tocsin-inbox.XXXXXX";

static const char *in(const char *name)
{
    static char path[300];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    return path;
}

static void drop(const char *name, const char *text)
{
    folder_put(in(name), text, strlen(text));
}

static struct heard heard;

static const char *look(struct inbox *inbox)
{
    heard.names[0] = heard.told[0] = '\0';
    inbox_look(inbox);
    return heard.names;
}

static struct inbox *begin(void)
{
    heard = (struct heard){.refuses = false};
    struct inbox *inbox =
        inbox_new(dir, &(struct inbox_handlers){.take = take, .tell = tell, .context = &heard});
    assert_non_null(inbox);
    return inbox;
}

static void what_lies_there_is_brought_once(void **state)
{
    (void)state;
    struct inbox *inbox = begin();
    drop("a.bundle", "3:abc,1:0,");
    assert_string_equal(look(inbox), "a.bundle ");
    assert_int_equal(heard.bytes, 10);
    assert_string_equal(look(inbox), "");
    assert_string_equal(heard.told, "");
    assert_int_equal(access(in("a.bundle"), F_OK), 0); /* it stays */
    unlink(in("a.bundle"));
    inbox_free(inbox);
}

static void what_is_being_copied_waits_until_it_is_whole(void **state)
{
    (void)state;
    struct inbox *inbox = begin();
    assert_string_equal(look(inbox), "");
    drop("b.bundle", "3:ab");
    assert_string_equal(look(inbox), "");
    drop("b.bundle", "3:abc,1:0,");
    assert_string_equal(look(inbox), ""); /* it has grown */
    assert_string_equal(look(inbox), "b.bundle ");
    drop(".c.bundle.x7", "3:abc,1:0,"); /* rsync's */
    drop("c.part", "3:abc,1:0,");
    assert_int_equal(mkdir(in("folder"), 0700), 0);
    assert_int_equal(symlink("/etc/passwd", in("link")), 0);
    assert_string_equal(look(inbox), "");
    assert_string_equal(look(inbox), "");
    drop("b.bundle", "4:abcd,1:0,"); /* another of the same name */
    assert_string_equal(look(inbox), "");
    assert_string_equal(look(inbox), "b.bundle ");
    assert_string_equal(heard.told, "");
    unlink(in("b.bundle"));
    unlink(in(".c.bundle.x7"));
    unlink(in("c.part"));
    unlink(in("link"));
    rmdir(in("folder"));
    inbox_free(inbox);
}

static void what_could_not_be_kept_is_brought_again(void **state)
{
    (void)state;
    struct inbox *inbox = begin();
    drop("a.bundle", "3:abc,1:0,");
    heard.refuses = true;
    assert_string_equal(look(inbox), "a.bundle ");
    heard.refuses = false;
    assert_string_equal(look(inbox), "a.bundle ");
    assert_string_equal(look(inbox), "");
    unlink(in("a.bundle"));
    inbox_free(inbox);
}

static void a_signature_that_comes_later_brings_its_record_again(void **state)
{
    (void)state;
    struct inbox *inbox = begin();
    drop("w.rec", "tocsin window 1\n");
    assert_string_equal(look(inbox), "w.rec ");
    drop("w.rec.minisig", "untrusted comment: x\n");
    assert_string_equal(look(inbox), "");
    assert_string_equal(look(inbox), "w.rec ");
    assert_string_equal(look(inbox), "");
    unlink(in("w.rec"));
    unlink(in("w.rec.minisig"));
    inbox_free(inbox);
}

static void what_cannot_be_read_is_told_once_with_its_name(void **state)
{
    (void)state;
    struct inbox *inbox = begin();
    drop("empty", "");
    assert_string_equal(look(inbox), "");
    assert_non_null(strstr(heard.told, "/empty is empty\n"));
    look(inbox);
    assert_string_equal(heard.told, "");
    unlink(in("empty"));
    inbox_free(inbox);
    if (geteuid() != 0) { /* root reads all */
        inbox = begin();
        drop("mine", "3:abc,1:0,");
        chmod(in("mine"), 0);
        look(inbox);
        assert_non_null(strstr(heard.told, "/mine: may not be read: chmod a+r it\n"));
        unlink(in("mine"));
        inbox_free(inbox);
    }
}

static void a_folder_that_is_not_there_is_told_and_looked_for_again(void **state)
{
    (void)state;
    heard = (struct heard){.refuses = false};
    struct inbox *inbox = inbox_new(
        in("later"), &(struct inbox_handlers){.take = take, .tell = tell, .context = &heard});
    assert_non_null(inbox);
    look(inbox);
    assert_non_null(strstr(heard.told, "/later: No such file or directory\n"));
    look(inbox);
    assert_string_equal(heard.told, "");
    assert_int_equal(mkdir(in("later"), 0700), 0);
    drop("later/a", "3:abc,1:0,");
    assert_string_equal(look(inbox), "a ");
    unlink(in("later/a"));
    rmdir(in("later"));
    inbox_free(inbox);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_lies_there_is_brought_once),
        cmocka_unit_test(what_is_being_copied_waits_until_it_is_whole),
        cmocka_unit_test(what_could_not_be_kept_is_brought_again),
        cmocka_unit_test(a_signature_that_comes_later_brings_its_record_again),
        cmocka_unit_test(what_cannot_be_read_is_told_once_with_its_name),
        cmocka_unit_test(a_folder_that_is_not_there_is_told_and_looked_for_again),
    };
    if (mkdtemp(dir) == NULL) {
        return 1;
    }
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    return failed + (rmdir(dir) != 0);
}

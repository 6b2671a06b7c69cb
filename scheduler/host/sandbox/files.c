/* files.c -- Landlock: which files. */
#include "sandbox/parts.h"

#include <fcntl.h>
#include <linux/landlock.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Later than the headers of Debian 12: moving between folders since the second version, cutting a
 * file short since the third. */
enum { REFER_SINCE = 2, TRUNCATE_SINCE = 3, FIRST_COUNT = 13 };
static const uint64_t REFER = UINT64_C(1) << FIRST_COUNT, TRUNCATE = UINT64_C(1)
                                                                     << (FIRST_COUNT + 1);
static const uint64_t READ = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;

static uint64_t handled_access(long version)
{
    uint64_t access = (UINT64_C(1) << FIRST_COUNT) - 1;
    access |= version >= REFER_SINCE ? REFER : 0;
    access |= version >= TRUNCATE_SINCE ? TRUNCATE : 0;
    return access;
}

static void allow(int rules, const char *path, uint64_t access)
{
    int file = path != NULL ? open(path, O_PATH | O_CLOEXEC) : -1;
    if (file < 0) {
        return;
    }
    struct landlock_path_beneath_attr beneath = {.allowed_access = access, .parent_fd = file};
    if (syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &beneath, 0) != 0) {
        /* it is no folder */
        beneath.allowed_access &= LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE |
                                  LANDLOCK_ACCESS_FS_EXECUTE | TRUNCATE;
        (void)syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &beneath, 0);
    }
    close(file);
}

/* What resolving a name, checking a certificate and starting a program need. */
static void allow_system(int rules, bool starts_programs)
{
    static const char *const read[] = {"/etc", "/run", "/dev/urandom"};
    static const char *const programs[] = {"/usr",  "/lib", "/lib64",        "/bin",
                                           "/sbin", "/opt", "/proc/self/exe"};
    for (size_t i = 0; i < sizeof read / sizeof *read; i++) {
        allow(rules, read[i], READ);
    }
    for (size_t i = 0; i < sizeof programs / sizeof *programs; i++) {
        allow(rules, programs[i], starts_programs ? READ | LANDLOCK_ACCESS_FS_EXECUTE : READ);
    }
    if (starts_programs) {
        allow(rules, "/proc", READ);
        allow(rules, "/dev/null", READ | LANDLOCK_ACCESS_FS_WRITE_FILE);
    }
}

bool sandbox_restrict_files(const struct sandbox *sandbox)
{
    long version = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    bool writes = sandbox->written[0] != NULL;
    /* The first version forbids whatever is linked from one folder into another: stores do that. */
    if (version < (writes ? REFER_SINCE : 1)) {
        return false;
    }
    uint64_t all = handled_access(version);
    struct landlock_ruleset_attr handled = {.handled_access_fs = all};
    int rules = (int)syscall(SYS_landlock_create_ruleset, &handled, sizeof handled, 0);
    if (rules < 0) {
        return false;
    }
    allow_system(rules, sandbox->starts_programs);
    for (size_t i = 0; i < SANDBOX_PATHS; i++) {
        allow(rules, sandbox->read[i], READ);
        allow(rules, sandbox->written[i], all & ~(uint64_t)LANDLOCK_ACCESS_FS_EXECUTE);
    }
    allow(rules, sandbox->emptied, LANDLOCK_ACCESS_FS_REMOVE_DIR);
    bool done = syscall(SYS_landlock_restrict_self, rules, 0) == 0;
    close(rules);
    return done;
}

#include "sandbox/sandbox.h"

#include <sys/prctl.h>
#include <sys/resource.h>

#include "sandbox/parts.h"

static void limit(__rlimit_resource_t what, rlim_t most)
{
    struct rlimit limits = {most, most};
    (void)setrlimit(what, &limits);
}

void sandbox_keep_to_itself(void)
{
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

unsigned sandbox_enter(const struct sandbox *sandbox)
{
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    sandbox_keep_to_itself();
    limit(RLIMIT_CORE, 0);
    if (sandbox->written[0] == NULL) {
        limit(RLIMIT_FSIZE, 0);
    }
#if !defined __SANITIZE_ADDRESS__ && !defined __SANITIZE_THREAD__ /* they need more than we do */
    return (sandbox_restrict_files(sandbox) ? SANDBOX_FILES : 0U) |
           (sandbox_restrict_calls(sandbox) ? SANDBOX_CALLS : 0U);
#else
    (void)sandbox_restrict_files;
    (void)sandbox_restrict_calls;
    return SANDBOX_FILES | SANDBOX_CALLS;
#endif
}

const char *sandbox_lack(unsigned parts)
{
    static const char *const sentences[] = {
        "this kernel has neither Landlock nor seccomp: whoever takes this process over can do "
        "what its user can",
        "this kernel has no Landlock: whoever takes this process over can reach what its user's "
        "files are",
        "this kernel has no seccomp: whoever takes this process over can call all of it",
        NULL,
    };
    return sentences[parts & (SANDBOX_CALLS | SANDBOX_FILES)];
}

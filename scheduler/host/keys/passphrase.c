#include "keys/passphrase.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sodium.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "keys/complain.h"

/* The signals that would leave a terminal without echo behind. */
static const int caught[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGALRM};
enum { CAUGHT = sizeof caught / sizeof *caught };

static volatile sig_atomic_t arrived;

enum line { LINE_READ, LINE_EMPTY, LINE_FAILED };

static void note_signal(int signal)
{
    arrived = signal;
}

static bool take(struct passphrase *out, struct keys_error *error)
{
    out->len = 0;
    out->text = sodium_init() < 0 ? NULL : sodium_malloc(PASSPHRASE_MAX + 1);
    if (out->text == NULL) {
        keys_complain(error, "no locked memory for the passphrase: raise ulimit -l");
        return false;
    }
    return true;
}

/* Waits for something to read; the caught signals, blocked elsewhere, come through here alone, so
 * that none slips by between a look at `arrived` and the wait.  False when one came. */
static bool wait_for(int fd, const sigset_t *open_to)
{
    struct pollfd input = {fd, POLLIN, 0};
    while (ppoll(&input, 1, NULL, open_to) < 0 && errno == EINTR) {
        if (arrived != 0) {
            return false;
        }
    }
    return true; /* any other trouble, read will tell */
}

static enum line fail(struct keys_error *error, const char *why)
{
    keys_complain(error, "%s", why);
    return LINE_FAILED;
}

/* One byte at a time, so that nothing after the line feed is taken.  open_to: see wait_for; NULL
 * where no signal is caught. */
static enum line read_line(int fd, const sigset_t *open_to, struct passphrase *out,
                           struct keys_error *error)
{
    bool is_long = false, has_ended = false;
    for (;;) {
        char letter;
        if (open_to != NULL && !wait_for(fd, open_to)) {
            return fail(error, "interrupted");
        }
        ssize_t got = read(fd, &letter, 1);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            keys_complain(error, "cannot read the passphrase: %s", strerror(errno));
            return LINE_FAILED;
        }
        if (got == 0 || letter == '\n') {
            has_ended = got == 0;
            break;
        }
        if (out->len == PASSPHRASE_MAX) {
            is_long = true;
        } else {
            out->text[out->len++] = letter;
        }
        letter = 0;
    }
    if (out->len == 0 && open_to != NULL && has_ended) { /* Ctrl-D: whoever is there leaves */
        return fail(error, "no passphrase was typed");
    }
    if (is_long) {
        keys_complain(error, "a passphrase has at most %d bytes", PASSPHRASE_MAX);
        return LINE_FAILED;
    }
    if (memchr(out->text, '\0', out->len) != NULL) {
        return fail(error, "a passphrase holds no zero byte");
    }
    out->text[out->len] = '\0';
    if (out->len == 0) {
        keys_complain(error, "the passphrase is empty");
        return LINE_EMPTY;
    }
    return LINE_READ;
}

bool passphrase_read(int fd, struct passphrase *out, struct keys_error *error)
{
    if (!take(out, error)) {
        return false;
    }
    if (read_line(fd, NULL, out, error) != LINE_READ) {
        passphrase_free(out);
        return false;
    }
    return true;
}

static void say(int tty, const char *text)
{
    ssize_t wrote = write(tty, text, strlen(text));
    (void)wrote; /* an unseen prompt hurts nobody */
}

enum { TRIES = 3 };

/* Asks once on a terminal whose echo is off already. */
static enum line ask_once(int tty, const sigset_t *open_to, const char *prompt,
                          struct passphrase *out, struct keys_error *error)
{
    if (!take(out, error)) {
        return LINE_FAILED;
    }
    say(tty, prompt);
    enum line is = read_line(tty, open_to, out, error);
    say(tty, "\n");
    if (is != LINE_READ) {
        passphrase_free(out);
    }
    return is;
}

/* The key Enter alone is a slip, which is asked again; whoever wants to leave has Ctrl-C. */
static bool ask(int tty, const sigset_t *open_to, const char *prompt, struct passphrase *out,
                struct keys_error *error)
{
    for (int left = TRIES; left > 0; left--) {
        enum line is = ask_once(tty, open_to, prompt, out, error);
        if (is != LINE_EMPTY) {
            return is == LINE_READ;
        }
        say(tty, left > 1 ? "Nothing was typed: once more.\n" : "");
    }
    return false;
}

static bool ask_twice(int tty, const sigset_t *open_to, const char *prompt, struct passphrase *out,
                      struct keys_error *error)
{
    for (int left = TRIES; left > 0; left--) {
        struct passphrase again;
        if (!ask(tty, open_to, prompt, out, error)) {
            return false;
        }
        if (!ask(tty, open_to, "The same again: ", &again, error)) {
            passphrase_free(out);
            return false;
        }
        bool same = out->len == again.len && sodium_memcmp(out->text, again.text, out->len) == 0;
        passphrase_free(&again);
        if (same) {
            return true;
        }
        passphrase_free(out);
        say(tty, left > 1 ? "The two differ: once more.\n" : "");
    }
    return keys_complain(error, "the two passphrases differ: try again");
}

/* A terminal left without its echo is of no use to anybody: signals are held while it is silent,
 * wait for the answer together with it, and are raised again once all is as it was. */
bool passphrase_ask(const char *prompt, bool confirm, struct passphrase *out,
                    struct keys_error *error)
{
    int tty = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (tty < 0) {
        return keys_complain(error, "no terminal to ask for the passphrase: use --passphrase-fd");
    }
    struct termios before, silent;
    if (tcgetattr(tty, &before) != 0) {
        close(tty);
        return keys_complain(error, "the terminal cannot hide what is typed: %s", strerror(errno));
    }
    struct sigaction action = {.sa_handler = note_signal}, old[CAUGHT];
    sigset_t blocked, before_mask, open_to;
    sigemptyset(&action.sa_mask);
    sigemptyset(&blocked);
    arrived = 0;
    for (size_t i = 0; i < CAUGHT; i++) {
        sigaddset(&blocked, caught[i]);
    }
    sigprocmask(SIG_BLOCK, &blocked, &before_mask);
    open_to = before_mask;
    for (size_t i = 0; i < CAUGHT; i++) {
        sigdelset(&open_to, caught[i]);
        sigaction(caught[i], &action, &old[i]);
    }
    silent = before;
    silent.c_lflag &= ~(tcflag_t)(ECHO | ECHOE | ECHOK | ECHONL);
    bool done = false;
    if (tcsetattr(tty, TCSAFLUSH, &silent) != 0) {
        keys_complain(error, "the terminal cannot hide what is typed: %s", strerror(errno));
    } else {
        done = (confirm ? ask_twice : ask)(tty, &open_to, prompt, out, error);
        tcsetattr(tty, TCSAFLUSH, &before);
    }
    for (size_t i = 0; i < CAUGHT; i++) {
        sigaction(caught[i], &old[i], NULL);
    }
    sigprocmask(SIG_SETMASK, &before_mask, NULL);
    close(tty);
    if (arrived != 0) {
        if (done) {
            passphrase_free(out);
        }
        raise((int)arrived);
        return keys_complain(error, "interrupted"); /* where the signal is ignored */
    }
    return done;
}

static struct hidden {
    int tty; /* 0: nothing is hidden */
    struct termios before;
    struct sigaction old[CAUGHT];
} hidden;

/* A signal handler: it calls nothing but what POSIX allows there. */
static void show_and_end(int number)
{
    tcsetattr(hidden.tty, TCSANOW, &hidden.before);
    signal(number, SIG_DFL);
    raise(number);
}

void passphrase_hide(void)
{
    int tty = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (tty <= 0 || tcgetattr(tty, &hidden.before) != 0) {
        close(tty);
        return;
    }
    hidden.tty = tty;
    struct sigaction action = {.sa_handler = show_and_end};
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < CAUGHT; i++) {
        sigaction(caught[i], NULL, &hidden.old[i]);
        if (hidden.old[i].sa_handler == SIG_DFL) {
            sigaction(caught[i], &action, NULL);
        }
    }
    struct termios silent = hidden.before;
    silent.c_lflag &= ~(tcflag_t)(ECHO | ECHOE | ECHOK | ECHONL);
    tcsetattr(tty, TCSANOW, &silent);
}

void passphrase_show(void)
{
    if (hidden.tty == 0) {
        return;
    }
    tcsetattr(hidden.tty, TCSAFLUSH, &hidden.before); /* what came meanwhile answers nothing */
    for (size_t i = 0; i < CAUGHT; i++) {
        sigaction(caught[i], &hidden.old[i], NULL);
    }
    close(hidden.tty);
    hidden.tty = 0;
}

void passphrase_free(struct passphrase *passphrase)
{
    sodium_free(passphrase->text); /* wipes */
    *passphrase = (struct passphrase){0};
}

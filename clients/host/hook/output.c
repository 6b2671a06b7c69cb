#include "hook/output.h"

#include <fcntl.h>
#include <unistd.h>

bool hook_output_open(struct hook_output *output)
{
    *output = (struct hook_output){.ends = {-1, -1}};
    if (pipe2(output->ends, O_CLOEXEC) != 0) {
        return false;
    }
    fcntl(output->ends[0], F_SETFL, O_NONBLOCK);
    (void)fcntl(output->ends[1], F_SETPIPE_SZ, 4 * HOOK_OUTPUT_CHUNK); /* or as large as it was */
    return true;
}

void hook_output_close(struct hook_output *output)
{
    for (size_t i = 0; i < 2; i++) {
        if (output->ends[i] >= 0) {
            close(output->ends[i]);
        }
    }
}

static void refill(struct hook_output *output, mono now)
{
    static const int64_t most = 4 * HOOK_OUTPUT_RATE;
    int64_t since_ns = output->filled.ns == 0 ? INT64_MAX : now.ns - output->filled.ns;
    if (since_ns > 4 * NS_PER_S) {
        output->allowed = most;
    } else if (since_ns > 0) {
        output->allowed += since_ns * HOOK_OUTPUT_RATE / NS_PER_S;
    }
    output->allowed = output->allowed < most ? output->allowed : most;
    output->filled = now;
}

size_t hook_output_take(struct hook_output *output, mono now, char out[static HOOK_OUTPUT_CHUNK])
{
    ssize_t got = read(output->ends[0], out, HOOK_OUTPUT_CHUNK);
    if (got <= 0) {
        return 0;
    }
    refill(output, now);
    int64_t room = HOOK_OUTPUT_MAX - output->passed;
    int64_t pass = got < output->allowed ? got : output->allowed;
    pass = pass < room ? pass : room;
    output->allowed -= pass;
    output->passed += pass;
    output->left_out += (uint64_t)(got - pass);
    return (size_t)pass;
}

bool hook_output_is_worth_telling(struct hook_output *output, uint64_t *left_out)
{
    *left_out = output->left_out;
    if (output->left_out == 0 || output->left_out / 10 < output->told) {
        return false;
    }
    output->told = output->left_out;
    return true;
}

void hook_output_renew(struct hook_output *output)
{
    output->passed = 0;
    output->left_out = output->told = 0;
}

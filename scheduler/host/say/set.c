#include "say/set.h"

error_t say_set(int key, char *arg, struct argp_state *state)
{
    void *field = (char *)state->input + (key & SAY_SET_OFFSET);
    switch (key & ~SAY_SET_OFFSET) {
    case SAY_SET_TEXT:
        *(const char **)field = arg;
        return 0;
    case SAY_SET_FLAG:
        *(bool *)field = true;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

#include "http/mhd.h"

#include "library/library.h"

struct mhd mhd;

bool mhd_load(void)
{
#define ONE(name) {"MHD_" #name, &mhd.name},
    static const struct library_function wanted[] = {MHD_FUNCTIONS(ONE)};
#undef ONE
    return library_load("libmicrohttpd.so.12", wanted, sizeof wanted / sizeof *wanted);
}

/* tocsin-listen -- hears signed windows and countdown ticks, checks them, and starts the
 * gesture. */
#include "tocsin-listen/listen.h"

int main(int argc, char **argv)
{
    return listen_main(argc, argv);
}

/* tocsin-beacon -- counts down, signed, to the windows of a constellation. */
#include "tocsin-beacon/beacon.h"

int main(int argc, char **argv)
{
    return beacon_main(argc, argv);
}

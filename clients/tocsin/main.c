/* tocsin -- declares windows, asks when they are, and keeps the records of a constellation. */
#include "tocsin/program.h"

int main(int argc, char **argv)
{
    return tocsin_main(argc, argv);
}

# Turns the catalogue of dates into a C array at configure time, so that the program needs no file.
set(from ${PROJECT_SOURCE_DIR}/calendars/dates.tsv)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${from})
file(READ ${from} bytes HEX)
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
file(CONFIGURE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/catalogue_of_dates.c CONTENT
"/* Made from calendars/dates.tsv. */
#include \"tocsin/windows/catalogue.h\"
const unsigned char catalogue_of_dates[] = {@bytes@ 0};
const size_t catalogue_of_dates_size = sizeof catalogue_of_dates - 1;
" @ONLY)

# Turns the catalogue of dates into C arrays at configure time, so that the program needs no file.
set(calendars ${PROJECT_SOURCE_DIR}/calendars)
file(GLOB files CONFIGURE_DEPENDS RELATIVE ${calendars} ${calendars}/*/*.txt)
list(SORT files)
set(arrays "")
set(rows "")
set(number 0)
foreach(file ${files})
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${calendars}/${file})
    file(READ ${calendars}/${file} bytes HEX)
    string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
    string(APPEND arrays "static const unsigned char file_${number}[] = {${bytes}};\n")
    string(APPEND rows "    {\"${file}\", file_${number}, sizeof file_${number}},\n")
    math(EXPR number "${number} + 1")
endforeach()
file(CONFIGURE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/catalogue_of_dates.c CONTENT
"/* Made from calendars. */
#include \"tocsin/windows/catalogue.h\"
@arrays@
const struct catalogue_file catalogue_file[] = {
@rows@};
const size_t catalogue_file_count = sizeof catalogue_file / sizeof *catalogue_file;
" @ONLY)

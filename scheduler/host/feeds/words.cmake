# Turns the tables of words/ into rows of C at configure time: NAME.tsv into feeds/words/NAME.inc.
#
# A table has a heading and then a line for each row; between its cells stands a tab, and two before
# those of the next array, which a spreadsheet shows as an empty column.  With HEADING the heading
# becomes a row too.
function(tocsin_words name)
    cmake_parse_arguments(ARG "HEADING" "" "" ${ARGN})
    set(tsv ${CMAKE_CURRENT_SOURCE_DIR}/words/${name}.tsv)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${tsv})
    file(READ ${tsv} rows)
    string(REGEX MATCH "^[^\n]+\n" heading "${rows}")
    string(REGEX REPLACE "[^\t\n]+" "[^\t\n]+" shape "${heading}")
    string(REGEX REPLACE "${shape}" "" odd "${rows}")
    if(NOT odd STREQUAL "")
        message(FATAL_ERROR "${tsv}: this has not the cells of the heading: ${odd}")
    endif()
    if(NOT ARG_HEADING)
        string(LENGTH "${heading}" length)
        string(SUBSTRING "${rows}" ${length} -1 rows)
    endif()
    string(REPLACE "\\" "\\\\" rows "${rows}")
    string(REPLACE "\"" "\\\"" rows "${rows}")
    # The cells before the first array stand in no braces of their own.
    string(REGEX REPLACE "\n([^\t\n]+(\t[^\t\n]+)*)\t\t" "\n{\"\\1\", {\"" rows "\n${rows}")
    string(REPLACE "\t\t" "\"}, {\"" rows "${rows}")
    string(REPLACE "\t" "\", \"" rows "${rows}")
    string(REGEX REPLACE "([^\n])\n" "\\1\"}},\n" rows "${rows}")
    file(CONFIGURE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/words/${name}.inc CONTENT "@rows@" @ONLY)
endfunction()

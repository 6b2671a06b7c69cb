# Tables of words become rows of C at configure time, so that who speaks a language edits no program.
#
# tocsin_words(NAME [HEADING]): words/NAME.tsv of a module into MODULE/words/NAME.inc.  A table has a heading and then a line for each row; between its cells stands a tab, and two before
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

# tocsin_pairs(NAME): NAME.tsv into MODULE/NAME.inc.  Two cells in a line below the heading; where there is
# one alone, the second is empty.
function(tocsin_pairs name)
    set(tsv ${CMAKE_CURRENT_SOURCE_DIR}/${name}.tsv)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${tsv})
    file(READ ${tsv} rows)
    string(REGEX REPLACE "[^\t\n]+(\t[^\t\n]+)?\n" "" odd "${rows}")
    if(NOT odd STREQUAL "")
        message(FATAL_ERROR "${tsv}: neither one cell nor two: ${odd}")
    endif()
    string(FIND "${rows}" "\n" heading)
    string(SUBSTRING "${rows}" ${heading} -1 rows)
    string(REPLACE "\\" "\\\\" rows "${rows}")
    string(REPLACE "\"" "\\\"" rows "${rows}")
    string(REPLACE "\n" "\t\n" rows "${rows}")
    string(REGEX REPLACE "([^\t\n]+)\t([^\t\n]*)\t?\n" "{\"\\1\", \"\\2\"},\n" rows "${rows}")
    file(CONFIGURE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/${name}.inc CONTENT "@rows@" @ONLY)
endfunction()

# Each program installs itself (components cli, beacon, listen, dev); here is what each Debian package
# has besides, and how the packages are made: cpack -G DEB in the build folder.
file(READ LICENSE licence)
file(WRITE ${PROJECT_BINARY_DIR}/copyright
     "Tocsin. Copyright 2026 the tocsin maintainers. Licence: MPL-2.0, as follows.\n
The cities that rules know are from GeoNames (https://www.geonames.org), licence CC BY 4.0
(https://creativecommons.org/licenses/by/4.0/), as a selection with cleaned names; the map of
time zones is that of @photostructure/tz-lookup, CC0 1.0.\n\n${licence}")
set(components)
foreach(part ${TOCSIN_PARTS})
    if(part STREQUAL "tocsin")
        list(APPEND components cli calendars)
    elseif(part STREQUAL "library")
        list(APPEND components lib dev)
    else()
        list(APPEND components ${part})
    endif()
endforeach()
foreach(component ${components})
    string(TOUPPER ${component} name)
    if(component STREQUAL "cli")
        set(package tocsin)
    elseif(component STREQUAL "dev")
        set(package libtocsin-dev)
    elseif(component STREQUAL "lib")
        set(package libtocsin0)
    else()
        set(package tocsin-${component})
    endif()
    install(FILES ${PROJECT_BINARY_DIR}/copyright
            DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/${package} COMPONENT ${component})
    set(CPACK_DEBIAN_${name}_PACKAGE_NAME ${package})
    set(CPACK_DEBIAN_${name}_PACKAGE_SECTION net)
    set(CPACK_DEBIAN_${name}_PACKAGE_DEPENDS tzdata)
endforeach()
# What has a service has a file of options, made from the program's own table, and the scripts that put both
# in place and away again.
foreach(service "listen;tocsin-listen;listen.conf" "beacon;tocsin-beacon;beacon.conf" "cli;tocsin-serve;serve.conf")
    list(GET service 0 component)
    list(GET service 1 name)
    list(GET service 2 file)
    if(NOT component IN_LIST components)
        continue()
    endif()
    set(unit ${name}.service)
    string(REPLACE tocsin-serve tocsin program ${name})
    set(command ${program})
    if(name STREQUAL tocsin-serve)
        list(APPEND command serve)
    endif()
    add_custom_command(OUTPUT ${PROJECT_BINARY_DIR}/${file} DEPENDS ${program} VERBATIM
        COMMAND ${command} --print-config > ${PROJECT_BINARY_DIR}/${file})
    add_custom_target(${name}_conf ALL DEPENDS ${PROJECT_BINARY_DIR}/${file})
    install(FILES ${PROJECT_BINARY_DIR}/${file}
            DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/${program}/examples COMPONENT ${component})
    set(control ${PROJECT_BINARY_DIR}/debian/${name})
    foreach(script postinst prerm postrm)
        configure_file(clients/packaging/${script}.in ${control}/${script} @ONLY)
    endforeach()
    file(WRITE ${control}/conffiles "/etc/tocsin/${file}\n")
    string(TOUPPER ${component} upper)
    set(CPACK_DEBIAN_${upper}_PACKAGE_CONTROL_EXTRA
        ${control}/postinst ${control}/prerm ${control}/postrm ${control}/conffiles)
    set(CPACK_DEBIAN_${upper}_PACKAGE_DEPENDS "tzdata, passwd")
endforeach()
set(CPACK_DEBIAN_CALENDARS_PACKAGE_DEPENDS "")
set(CPACK_DEBIAN_CALENDARS_PACKAGE_ARCHITECTURE all)
set(CPACK_DEBIAN_CALENDARS_PACKAGE_SHLIBDEPS OFF)
set(CPACK_DEBIAN_CALENDARS_PACKAGE_SECTION misc)
# The catalogue's feeds and pages, made when they are installed: they begin in that month, or in the one of
# SOURCE_DATE_EPOCH.
if("calendars" IN_LIST components)
install(CODE "
    string(TIMESTAMP day %Y-%m-%dT00:00:00Z UTC)
    execute_process(COMMAND ${CMAKE_COMMAND} -E env HOME=/nonexistent
                            \"${CMAKE_RUNTIME_OUTPUT_DIRECTORY}/tocsin\" export --catalogue --at \${day}
                            \$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_DATADIR}/tocsin/calendars
                    COMMAND_ERROR_IS_FATAL ANY)" COMPONENT calendars)
endif()
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME tocsin)
# Nobody's address (RFC 2606): whoever publishes the packages puts in their own.
set(CPACK_PACKAGE_CONTACT "the tocsin maintainers <tocsin@tocsin.invalid>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_DESCRIPTION}")
set(CPACK_RESOURCE_FILE_LICENSE ${PROJECT_SOURCE_DIR}/LICENSE)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_COMPONENTS_ALL ${components})
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
# Debian's changelog is this version's part of ours, in Debian's form.
file(READ CHANGELOG.md changes)
string(REGEX REPLACE ".*\n## \\[${PROJECT_VERSION}\\][^\n]*\n" "\n" changes "${changes}")
string(REGEX REPLACE "\n## .*" "\n" changes "${changes}")
string(REGEX REPLACE "\n  ([^\n])" " \\1" changes "${changes}")
string(REGEX REPLACE "\n([A-Z])" "\n  * \\1" changes "${changes}")
string(REGEX REPLACE "\n- " "\n  * " changes "${changes}")
string(REGEX REPLACE "\n### ([^\n]*)" "\n  [ \\1 ]" changes "${changes}")
file(WRITE ${PROJECT_BINARY_DIR}/debian-changes "${changes}")
# Debian wants manual pages and changelogs compressed (Policy 12.1, 12.7), the same bytes each time.
file(WRITE ${PROJECT_BINARY_DIR}/debian-files.cmake "set(changes_file \"${PROJECT_BINARY_DIR}/debian-changes\")
set(sbom \"${PROJECT_SOURCE_DIR}/clients/packaging/sbom\")
set(multiarch ${CMAKE_LIBRARY_ARCHITECTURE})
set(lock \"${PROJECT_SOURCE_DIR}/clients/page/package-lock.json\")\n")
file(APPEND ${PROJECT_BINARY_DIR}/debian-files.cmake [=[
execute_process(COMMAND fold -s -w 72 ${changes_file} COMMAND sed "/^  [*[]/!s/^ */    /; s/ *$//"
                OUTPUT_VARIABLE changes COMMAND_ERROR_IS_FATAL ANY)
file(GLOB docs ${CPACK_TEMPORARY_INSTALL_DIRECTORY}/*/usr/share/doc/*)
foreach(doc ${docs})
    get_filename_component(package ${doc} NAME)
    file(WRITE ${doc}/changelog "${package} (${CPACK_PACKAGE_VERSION}) unstable; urgency=medium
${changes}
 -- ${CPACK_PACKAGE_CONTACT}  Mon, 23 Nov 2026 12:00:00 +0000\n")
    # What it is made of (SPDX), read from what is in it.
    string(REGEX REPLACE /usr/share/doc/.* "" top ${doc})
    execute_process(COMMAND ${sbom} ${package} ${CPACK_PACKAGE_VERSION} ${multiarch} ${top} ${lock}
                    OUTPUT_FILE ${doc}/${package}.spdx COMMAND_ERROR_IS_FATAL ANY)
endforeach()
foreach(file listen.conf beacon.conf serve.conf)
    file(GLOB samples ${CPACK_TEMPORARY_INSTALL_DIRECTORY}/*/usr/share/doc/*/examples/${file})
    foreach(sample ${samples})
        string(REGEX REPLACE /usr/share/doc/.* "" top ${sample})
        file(COPY ${sample} DESTINATION ${top}/etc/tocsin)
    endforeach()
endforeach()
file(GLOB texts ${CPACK_TEMPORARY_INSTALL_DIRECTORY}/*/usr/share/man/man*/*.[1-8]
     ${CPACK_TEMPORARY_INSTALL_DIRECTORY}/*/usr/share/doc/*/changelog)
execute_process(COMMAND gzip -9n ${texts} COMMAND_ERROR_IS_FATAL ANY)
]=])
if(CPACK_DEBIAN_PACKAGE_ARCHITECTURE) # another's than this machine's, for dpkg-shlibdeps
    file(APPEND ${PROJECT_BINARY_DIR}/debian-files.cmake "set(ENV{DEB_HOST_ARCH} ${CPACK_DEBIAN_PACKAGE_ARCHITECTURE})\n")
endif()
set(CPACK_PRE_BUILD_SCRIPTS ${PROJECT_BINARY_DIR}/debian-files.cmake)
# Loaded by what asks a site, or is one; dpkg-shlibdeps sees neither.
string(APPEND CPACK_DEBIAN_CLI_PACKAGE_DEPENDS ", libcurl4 (>= 7.85), libmicrohttpd12 (>= 0.9.75)")
set(CPACK_DEBIAN_BEACON_PACKAGE_RECOMMENDS mosquitto)
# Loaded only where --sound is asked for; gpioinfo names the lines for --gpio.
set(CPACK_DEBIAN_LISTEN_PACKAGE_RECOMMENDS "libasound2, libsndfile1")
set(CPACK_DEBIAN_LISTEN_PACKAGE_SUGGESTS gpiod)
set(CPACK_DEBIAN_LIB_PACKAGE_DEPENDS "")
set(CPACK_DEBIAN_LIB_PACKAGE_SECTION libs)
# Debian Policy 8.6.4.1 and 8.1.1: what programs that link it depend on, and that the linker's cache is to be made anew.
file(WRITE ${PROJECT_BINARY_DIR}/debian-lib/shlibs "libtocsin 0 libtocsin0 (>= ${PROJECT_VERSION})\n")
file(WRITE ${PROJECT_BINARY_DIR}/debian-lib/triggers "activate-noawait ldconfig\n")
set(CPACK_DEBIAN_LIB_PACKAGE_CONTROL_EXTRA
    "${PROJECT_BINARY_DIR}/debian-lib/shlibs;${PROJECT_BINARY_DIR}/debian-lib/triggers")
# CPack 3.25 calls ldconfig from scripts besides, and cannot be told not to.
file(WRITE ${PROJECT_BINARY_DIR}/debian-lib/libtocsin0 "libtocsin0: maintscript-calls-ldconfig\n")
install(FILES ${PROJECT_BINARY_DIR}/debian-lib/libtocsin0 DESTINATION ${CMAKE_INSTALL_DATADIR}/lintian/overrides COMPONENT lib)
set(CPACK_DEBIAN_DEV_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEV_PACKAGE_SHLIBDEPS OFF)
set(CPACK_DEBIAN_DEV_PACKAGE_DEPENDS "libtocsin0 (= ${PROJECT_VERSION}), libsodium-dev")
set(CPACK_COMPONENT_CLI_DESCRIPTION "Declares, co-signs and publishes windows for peaceful gestures.
The organizers' program: readable rules of dates, moon and sun become signed
windows and iCalendar feeds that any calendar program can subscribe to.")
set(CPACK_COMPONENT_BEACON_DESCRIPTION "Broadcasts signed countdown ticks over MQTT.
The beacon sends signed time and the countdown of confirmed windows to any
number of brokers; it can start a broker of its own.")
set(CPACK_COMPONENT_LISTEN_DESCRIPTION "Starts a gesture at the declared instant.
The listener at a site verifies every record and tick itself and starts a lamp,
a bell or a local command at T-0, also without a network.")
set(CPACK_COMPONENT_CALENDARS_DESCRIPTION "Calendars of days that people keep, ready to be handed out.
Victories over fascism, struggles for freedom, genocides and massacres
remembered, and the sky: iCalendar feeds and pages in 21 languages with the
sources of each day, for any web server, in /usr/share/tocsin/calendars.")
set(CPACK_COMPONENT_LIB_DESCRIPTION "Shared library for listeners of your own.
Verifies tocsin records and ticks, and tells when the next gesture begins.")
set(CPACK_COMPONENT_DEV_DESCRIPTION "C library for listeners of your own, to build with.
The header, the archive, the manual page, the files for pkg-config and CMake,
and a binding for Python.")
include(CPack)

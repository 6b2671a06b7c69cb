#!/usr/bin/env python3
"""make_cities.py > cities_table.c -- what countries and the cities of zones are called in the languages of the pages.

The names are CLDR's, by ICU (libicui18n; Unicode licence v3): of each country of ISO 3166, and of each zone of zone.tab,
under the name that browsers may still give it, too.  What CLDR has no city for is left out.
"""
import ctypes
import ctypes.util
import re

LANGUAGES = "en it es fr de pt pl uk ar el he ja".split()  # in the order of words/interface.h
ZONEINFO = "/usr/share/zoneinfo/"
LIBRARY = ctypes.util.find_library("icui18n")
VERSION = re.search(r"\.so\.(\d+)", LIBRARY).group(1)
icu = ctypes.CDLL(LIBRARY)


def function(name, result=ctypes.c_int32):
    found = getattr(icu, f"{name}_{VERSION}")
    found.restype = result
    return found


def utf16(text):
    data = text.encode("utf-16-le")
    return ctypes.create_string_buffer(data + b"\0\0", len(data) + 2), len(data) // 2


def ask(of, *before, after=()):
    """What a function writes into the buffer that it takes."""
    out, error = ctypes.create_string_buffer(512), ctypes.c_int(0)
    size = of(*before, out, 200, *after, ctypes.byref(error))
    assert error.value <= 0, (of, before, error.value)
    return out.raw[:2 * size].decode("utf-16-le").replace("\u00ad", "")


def city(language, zone):
    error = ctypes.c_int(0)
    form = ctypes.c_void_p(open_format(-2, -2, language.encode(), *utf16(zone), *utf16("VVV"), ctypes.byref(error)))  # UDAT_PATTERN
    assert error.value <= 0, (zone, error.value)
    name = ask(format_date, form, ctypes.c_double(1.8e12), after=[None])
    close_format(form)
    return name


def country(language, code):
    return ask(display_country, f"und_{code}".encode(), language.encode())


def canonical(zone):
    """What CLDR, and so a browser, calls a zone."""
    return ask(canonical_zone, *utf16(zone), after=[None])


open_format, close_format = function("udat_open", ctypes.c_void_p), function("udat_close", None)
format_date, display_country = function("udat_format"), function("uloc_getDisplayCountry")
canonical_zone = function("ucal_getCanonicalTimeZoneID")
version = (ctypes.c_uint8 * 4)()
function("ulocdata_getCLDRVersion")(version, ctypes.byref(ctypes.c_int(0)))

rows = {}
for line in open(ZONEINFO + "zone.tab", encoding="utf-8"):
    if not line.startswith("#"):
        zone = line.rstrip("\n").split("\t")[2]
        names = [city(language, zone) for language in LANGUAGES]
        if names[0] != city("en", "Etc/Unknown"):
            rows[zone] = rows[canonical(zone)] = names
for line in open(ZONEINFO + "iso3166.tab", encoding="utf-8"):
    if not line.startswith("#"):
        code = line.split("\t")[0]
        rows[code] = [country(language, code) for language in LANGUAGES]

print(f"""/* Written by scheduler/core/words/tools/make_cities.py: not to be edited.
 *
 * Names from CLDR {version[0]}.{version[1]} (Unicode licence v3). */
#include "words/cities.h"

/* clang-format off */
const struct city_name city_names[] = {{""")
for key in sorted(rows):
    print('    {"%s", {' % key + ", ".join('"%s"' % name for name in rows[key]) + "}},")
print("""};
/* clang-format on */

const size_t city_name_count = sizeof city_names / sizeof *city_names;""")

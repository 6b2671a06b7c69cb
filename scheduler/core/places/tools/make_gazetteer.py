#!/usr/bin/env python3
"""Writes scheduler/core/places/gazetteer_table.c: the cities that rules know, from GeoNames.

    apt-get download libgeonames0 libgeonames-common
    for package in libgeonames*.deb; do dpkg -x $package unpacked; done
    npm pack @photostructure/tz-lookup@11.7.0 && tar xzf photostructure-tz-lookup-11.7.0.tgz
    make_gazetteer.py unpacked package/tz.js > gazetteer_table.c

Sources: the cities of GeoNames (geonames.org, CC BY 4.0) in Debian's libgeonames0 0.3.0-1: names,
regions, countries, zones, populations, positions; their names in other languages, from GeoNames too,
in libgeonames-common 0.3.0-1; tzdata's zone.tab (public domain) for the principal city of each zone;
places.tsv and towns.tsv beside this script (CC0).

Kept are cities of at least POPULATION people, smaller ones where the catalogue's languages are at home,
the LARGEST of each country, and what zone.tab,
places.tsv and towns.tsv name: each city once, under its English name, found by its names in the languages of LANGUAGES and of its own country.  The
C code of words/ folds the names, so that the order of the table is the one it is searched in.
Needs glib's gresource, a C compiler and node; Python 3.9 or later, no other module.
"""
import ctypes
import functools
import gettext
import hashlib
import math
import operator
import os
import re
import struct
import subprocess
import sys
import tempfile
import unicodedata

POPULATION = 50000
POPULATION_OF = dict.fromkeys("AT BE CH CY DE ES FR GR IE IT LU PL PT UA".split(), 20000) | {"GB": 40000}
LARGEST = 40  # of each country are kept however small
LANGUAGES = "en it es fr de pt pl uk ar el he ja tr".split()  # in the order of places/gazetteer.h
NAME, OWN, SHIPPED = 1 << 13, 1 << 14, 1 << 15
WRITTEN = (1 << len(LANGUAGES)) - 1
ROW = 4000  # bytes of text in a row: C compilers need not take longer literals
ZONE_TAB = "/usr/share/zoneinfo/zone.tab"
TZDATA = "/usr/share/zoneinfo/tzdata.zi"
HERE = os.path.dirname(os.path.abspath(__file__))
CORE = os.path.join(HERE, "..", "..")

# What GeoNames calls otherwise than people who write English do.
ENGLISH = {"Washington D.C.": "Washington", "Makkah al Mukarramah": "Mecca", "Amoy": "Xiamen",
           "Borough of Queens": "Queens", "The Bronx": "Bronx", "Sharjah city": "Sharjah",
           "Kaohsiung City": "Kaohsiung", "Puebla City": "Puebla", "Chihuahua City": "Chihuahua",
           "Tainan City": "Tainan", "Zaporizhzhya": "Zaporizhzhia", "Heroica Matamoros": "Matamoros",
           "Manuel Ojinaga": "Ojinaga", "Santiago de Cali": "Cali", "Guam Government House": "Guam",
           "San Luis Potosí City": "San Luis Potosí", "Caloocan City": "Caloocan",
           "Abu Dhabi Island and Internal Islands City": "Abu Dhabi", "Fes": "Fez", "Nur-Sultan": "Astana",
           "Sri Jayewardenepura Kotte": "Sri Jayawardenepura Kotte", "Port Elizabeth": "Gqeberha"}
# By id where the name alone does not say which.
ENGLISH_OF = {"698740": "Odesa"}
ALSO_OF = {"498817": ["St. Petersburg"], "698740": ["Odessa"], "703448": ["Kiev"], "1275339": ["Bombay"], "1264527": ["Madras"],
           "1275004": ["Calcutta"], "1277333": ["Bangalore"], "1566083": ["Saigon"]}

# By name and country: what cities were called, which people who remember write, the capitals by
# their formal names, and what their own people say for short.
FORMER = {("Astana", "KZ"): "Nur-Sultan Akmola Tselinograd", ("Almaty", "KZ"): "Alma-Ata",
          ("Saint Petersburg", "RU"): "Leningrad Petrograd", ("Volgograd", "RU"): "Stalingrad",
          ("Yekaterinburg", "RU"): "Sverdlovsk", ("Kaliningrad", "RU"): "Königsberg",
          ("Beijing", "CN"): "Peking", ("Nanjing", "CN"): "Nanking", ("Tianjin", "CN"): "Tientsin",
          ("Istanbul", "TR"): "Constantinople", ("Izmir", "TR"): "Smyrna", ("Tbilisi", "GE"): "Tiflis",
          ("Bishkek", "KG"): "Frunze", ("Dushanbe", "TJ"): "Stalinabad",
          ("Wrocław", "PL"): "Breslau", ("Gdańsk", "PL"): "Danzig", ("Szczecin", "PL"): "Stettin",
          ("Oświęcim", "PL"): "Auschwitz", ("Lviv", "UA"): "Lwów Lemberg Lvov",
          ("Kharkiv", "UA"): "Kharkov", ("Dnipro", "UA"): "Dnipropetrovsk Dnepropetrovsk",
          ("Kropyvnytskyi", "UA"): "Kirovohrad Kirovograd", ("Bakhmut", "UA"): "Artemivsk Artyomovsk",
          ("Donetsk", "UA"): "Stalino", ("Mykolaiv", "UA"): "Nikolaev", ("Luhansk", "UA"): "Lugansk",
          ("Chernivtsi", "UA"): "Czernowitz Cernăuți", ("Zaporizhzhia", "UA"): "Zaporozhye",
          ("Ivano-Frankivsk", "UA"): "Stanislaviv Stanislau", ("Vilnius", "LT"): "Wilno Vilna",
          ("Kaunas", "LT"): "Kovno", ("Bratislava", "SK"): "Pressburg Pozsony",
          ("Chemnitz", "DE"): "Karl-Marx-Stadt", ("Podgorica", "ME"): "Titograd",
          ("Chișinău", "MD"): "Kishinev Chisinau", ("Harare", "ZW"): "Salisbury",
          ("Kinshasa", "CD"): "Léopoldville", ("Kisangani", "CD"): "Stanleyville",
          ("Lubumbashi", "CD"): "Élisabethville", ("Maputo", "MZ"): "Lourenço_Marques",
          ("Gqeberha", "ZA"): "Port_Elizabeth", ("Pretoria", "ZA"): "Tshwane",
          ("N'Djamena", "TD"): "Fort-Lamy", ("Jakarta", "ID"): "Batavia",
          ("Yangon", "MM"): "Rangoon", ("Ho Chi Minh City", "VN"): "Saigon",
          ("Nuuk", "GL"): "Godthåb", ("Laayoune", "EH"): "El_Aaiún",
          ("Washington", "US"): "Washington_DC Washington_D.C.",
          ("New York", "US"): "NYC", ("Mexico City", "MX"): "CDMX",
          ("Freiburg im Breisgau", "DE"): "Freiburg", ("Newcastle upon Tyne", "GB"): "Newcastle",
          ("Santa Cruz de la Sierra", "BO"): "Santa_Cruz", ("Santa Cruz de Tenerife", "ES"): "Santa_Cruz",
          ("San Miguel de Tucumán", "AR"): "San_Miguel", ("San Nicolás de los Garza", "MX"): "San_Nicolás",
          ("San Cristóbal de las Casas", "MX"): "San_Cristóbal",
          ("Santo Domingo", "DO"): "Ciudad_Trujillo", ("Malabo", "GQ"): "Santa_Isabel"}

# What else countries are called in English.
COUNTRIES = {"US": ["USA", "United States", "America"], "GB": ["UK", "Great Britain", "Britain"],
             "CZ": ["Czechia", "Czech Republic"], "TR": ["Türkiye", "Turkey"], "NL": ["Holland"],
             "CI": ["Ivory Coast", "Côte d'Ivoire"], "MM": ["Burma", "Myanmar"], "SZ": ["Swaziland"],
             "MK": ["North Macedonia", "Macedonia"], "CV": ["Cape Verde", "Cabo Verde"],
             "CD": ["DR Congo", "Congo-Kinshasa"], "CG": ["Congo-Brazzaville"],
             "KR": ["South Korea"], "KP": ["North Korea"], "TL": ["East Timor"], "PS": ["Palestine"],
             "VA": ["Vatican"], "RU": ["Russian Federation"], "SY": ["Syria"], "LA": ["Laos"],
             "VN": ["Vietnam", "Viet Nam"], "BO": ["Bolivia"], "VE": ["Venezuela"], "TZ": ["Tanzania"],
             "HK": ["Hong Kong"], "MO": ["Macao"], "TW": ["Taiwan"], "IR": ["Iran"]}

# The languages of a country whose names its people write.
LOCAL = {"AF": "fa ps", "AL": "sq", "AM": "hy", "AT": "de", "AZ": "az", "BA": "bs", "BD": "bn",
         "BE": "nl fr de", "BG": "bg", "BY": "be ru", "CH": "de fr it", "CN": "zh", "CY": "el tr",
         "CZ": "cs", "DK": "da", "EE": "et", "ES": "es ca eu gl", "ET": "am", "FI": "fi sv",
         "FO": "fo", "GB": "en cy", "GE": "ka", "HK": "zh", "HR": "hr", "HU": "hu", "IE": "en ga",
         "IL": "he ar", "IN": "hi", "IR": "fa", "IS": "is", "IT": "it de", "JP": "ja", "KG": "ky ru",
         "KH": "km", "KP": "ko", "KR": "ko", "KZ": "kk ru", "LA": "lo", "LK": "si ta", "LT": "lt",
         "LU": "fr de lb", "LV": "lv", "MD": "ro", "ME": "sr", "MK": "mk", "MM": "my", "MN": "mn",
         "MO": "zh pt", "MT": "mt", "NL": "nl", "NO": "nb nn", "NP": "ne", "PK": "ur", "RO": "ro hu",
         "RS": "sr hu", "RU": "ru", "SE": "sv", "SG": "zh", "SI": "sl", "SK": "sk hu", "TH": "th",
         "TJ": "tg", "TM": "tk", "TR": "tr", "TW": "zh", "UA": "uk ru", "UZ": "uz", "VN": "vi",
         "XK": "sq sr", "DE": "de", "LI": "de", "FR": "fr", "MC": "fr", "PL": "pl", "PT": "pt",
         "BR": "pt", "AO": "pt", "MZ": "pt", "CV": "pt", "GR": "el", "US": "en", "CA": "en fr",
         "AU": "en", "NZ": "en", "ZA": "en af"}
SPANISH = "AR BO CL CO CR CU DO EC GQ GT HN MX NI PA PE PR PY SV UY VE"
ARABIC = "AE BH DZ EG IQ JO KW LB LY MA OM PS QA SA SD SY TN YE"
FRENCH = "BF BI BJ CD CF CG CI CM GA GN HT ML MG NE RE SN TD TG MQ GP GF"


def local_languages(country):
    return (LOCAL.get(country, "").split() or (["es"] if country in SPANISH.split() else
            ["ar"] if country in ARABIC.split() else ["fr"] if country in FRENCH.split() else []))


# --- what comes in -------------------------------------------------------------------------------


def offset_size(data):
    return 1 if len(data) <= 0xff else 2 if len(data) <= 0xffff else 4


def variant_array(data):
    """The elements of a GVariant array of type a(sssssssudd)."""
    size = offset_size(data)
    table = int.from_bytes(data[-size:], "little")
    start = 0
    for at in range(table, len(data), size):
        end = int.from_bytes(data[at:at + size], "little")
        start = (start + 7) // 8 * 8
        yield data[start:end]
        start = end


def variant_city(data):
    size = offset_size(data)
    start, text = 0, []
    for i in range(7):
        end = int.from_bytes(data[len(data) - (i + 1) * size:len(data) - i * size], "little")
        text.append(data[start:end - 1].decode())
        start = end
    start = (start + 3) // 4 * 4
    population = struct.unpack_from("<I", data, start)[0]
    latitude, longitude = struct.unpack_from("<dd", data, (start + 4 + 7) // 8 * 8)
    return text, population, latitude, longitude


class City:
    def __init__(self, id, name, region, country, zone, population, latitude, longitude):
        self.id, self.region, self.country, self.zone = id, region, country, zone
        self.population, self.latitude, self.longitude = population, latitude, longitude
        self.plain, self.name, self.is_principal = name, None, False
        self.names = {}  # by fold: the flags of each spelling
        self.needs_country = self.needs_region = False
        self.others = []

    def of_all(self, key):
        """The flags of a name that hold however it is spelled."""
        return functools.reduce(operator.or_, self.names.get(key, {}).values(), 0) & ~WRITTEN

    def is_own(self, key):
        return bool(self.of_all(key) & OWN)


def clean(name):
    """Without what nobody types: variants in parentheses, typographic marks at the ends."""
    name = unicodedata.normalize("NFC", re.sub(r"\s*\(.*?\)", "", name))
    name = re.sub("[‘’ʻʼ`´ʹʾʿ]", "'", name).strip(" '-")
    name = re.sub("[\u064b-\u0652]", "", name)  # the vowel signs of Arabic
    return re.sub(r"\s+", " ", name)


def is_sound(name):
    return (name != "" and len(name.encode()) <= 44 and
            all(c.isalpha() or unicodedata.category(c)[0] == "M" or c in " '-." for c in name) and
            max(map(ord, name)) < 0x10000)


def load_words(folder):
    """words/'s own folding, compiled."""
    library = os.path.join(folder, "words.so")
    subprocess.run(["cc", "-O1", "-shared", "-fPIC", "-std=c17", "-I", CORE, "-o", library,
                    *(os.path.join(CORE, f) for f in ("words/words.c", "words/words_data.c", "text/text.c"))],
                   check=True)
    return ctypes.CDLL(library)


def fold(text):
    """As places_key does in C."""
    data = text.encode()
    buffer = ctypes.create_string_buffer(data, len(data) + 1)
    at, end = ctypes.c_void_p(ctypes.addressof(buffer)), ctypes.addressof(buffer) + len(data)
    out = ""
    while True:
        c = words.words_fold(ctypes.byref(at), ctypes.c_void_p(end))
        if c == 0:
            return out.strip(" ")
        if c < 0x110000 and chr(c) in " -_\t":
            out += "" if out.endswith(" ") or out == "" else " "
        elif c >= 0x110000 or chr(c) not in ".'":
            out += chr(min(c, 0x10ffff))


def distance_km(a, b):
    la, lb = math.radians(a.latitude), math.radians(b.latitude)
    s = (math.sin((lb - la) / 2) ** 2 + math.cos(la) * math.cos(lb) *
         math.sin(math.radians(b.longitude - a.longitude) / 2) ** 2)
    return 12742 * math.asin(min(1, math.sqrt(s)))


def angle(text):
    digits = text[1:]
    d, m, s = ((digits[:-4], digits[-4:-2], digits[-2:]) if len(digits) >= 6 else
               (digits[:-2], digits[-2:], 0))
    return (-1 if text[0] == "-" else 1) * (int(d) + int(m) / 60 + int(s) / 3600)


def read_by_hand(file):
    out = []
    for line in open(os.path.join(HERE, file), encoding="utf-8"):
        if not line.startswith("#") and line.strip():
            name, latitude, longitude, zone, country, *others = line.rstrip("\n").split("\t")
            city = City(None, name, "", country, zone, 0, float(latitude), float(longitude))
            city.others = others[0].split(";") if others else []
            out.append(city)
    return out


def read_principal():
    """The places of places.tsv and zone.tab, which may go by names of their own."""
    out = read_by_hand("places.tsv")
    for line in open(ZONE_TAB, encoding="utf-8"):
        if not line.startswith("#"):
            country, where, zone = line.rstrip("\n").split("\t")[:3]
            latitude, longitude = re.match(r"([+-]\d+)([+-]\d+)", where).groups()
            out.append(City("zone.tab", zone.split("/")[-1].replace("_", " "), "", country, zone, 0,
                            angle(latitude), angle(longitude)))
    return out


def zones_of_map(tz_js, cities):
    points = "".join(f"{c.latitude} {c.longitude}\n" for c in cities)
    script = ("const tz=require(process.argv[1]);for(const l of require('fs').readFileSync(0,'utf8')"
              ".trim().split('\\n')){const[a,b]=l.split(' ');console.log(tz(+a,+b))}")
    out = subprocess.run(["node", "-e", script, os.path.abspath(tz_js)], input=points, text=True,
                         capture_output=True, check=True).stdout
    return out.split()


def mend_zones(cities, tz_js):
    """GeoNames' zones of 2023 in tzdata's names of today; zones made since, from the zone map."""
    current = {line.split("\t")[2].strip() for line in open(ZONE_TAB) if line[0] != "#"}
    links = {}
    for line in open(TZDATA):
        if line.startswith("L "):
            _, target, name = line.split()
            links[name] = target
    for city in cities:
        if city.zone not in current:
            city.zone = links.get(city.zone, city.zone)
    since = current - {c.zone for c in cities}
    for city, zone in zip(cities, zones_of_map(tz_js, cities)):
        if zone in since and city.country in COUNTRIES_OF.get(zone, ()):
            city.zone = zone
    return sorted(c.zone for c in cities if c.zone not in current)


# --- what is kept --------------------------------------------------------------------------------


def add_name(city, name, flags):
    name = clean(name)
    if not is_sound(name):
        return
    key = fold(name)
    spelled = city.names.setdefault(key, {})
    # "Zurich" and "Zürich" are one name, but each language writes its own
    spelling = name if name in spelled or flags & WRITTEN or not spelled else next(iter(spelled))
    spelled[spelling] = spelled.get(spelling, 0) | flags
    for long, short in (("Saint ", "St "), ("Sainte ", "Ste "), ("Fort ", "Ft "), ("Mount ", "Mt ")):
        if key.startswith(fold(long) + " "):
            add_name(city, short + name[len(long):], flags)


def name_city(city, catalogues):
    english = clean(catalogues["en"].get(city.id, city.plain))
    city.name = ENGLISH_OF.get(city.id) or ENGLISH.get(english) or english
    if not is_sound(city.name):
        city.name = clean(city.plain.split("/")[0])
    add_name(city, city.name, NAME | OWN | 1 << LANGUAGES.index("en"))
    for part in city.plain.split("/"):
        add_name(city, part, OWN)
    for name in ALSO_OF.get(city.id, ()):
        add_name(city, name, NAME | OWN)
    for name in FORMER_BY_FOLD.get((fold(city.name), city.country), "").split():
        add_name(city, name.replace("_", " "), NAME | OWN)
    for language in local_languages(city.country):
        name = catalogues[language].get(city.id)
        if name is not None:
            add_name(city, name, OWN)
            if language == "de":
                add_name(city, re.sub("[äöüßÄÖÜ]", lambda m: {
                    "ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ä": "Ae", "Ö": "Oe",
                    "Ü": "Ue"}[m[0]], name), OWN)
    for bit, language in enumerate(LANGUAGES):
        if city.id in catalogues[language]:
            is_own = language == "en" and city.name == english
            name = catalogues[language][city.id]
            if language == "ja":  # without the dots between words, and "city" at the end
                name = re.sub("(?<=..)市$|(?<=東京)都$", "", name.replace("・", ""))
            add_name(city, name, 1 << bit | (OWN if is_own else 0))


def only_language_of(city, name):
    """The bit of the one of our languages in whose letters the name is, if the city has no name in it.
    """
    letters = unicodedata.name(name[0], "").split(" ")[0]
    language = {"CYRILLIC": "uk", "GREEK": "el", "ARABIC": "ar"}.get(letters)
    bit = 1 << LANGUAGES.index(language) if language is not None else 0
    return 0 if any(flags & bit for s in city.names.values() for flags in s.values()) else bit


def keep_named(principal, kept, others, is_principal):
    """A place named here is a city that is kept, one that is now, or one of its own."""
    key = fold(principal.plain)
    near = [c for c in kept + others if c.country == principal.country and
            abs(c.latitude - principal.latitude) < 1 and distance_km(c, principal) < 60]
    same = [c for c in near if c.is_own(key)]
    same = same or [c for c in near if key in c.names]
    if principal.id == "zone.tab":  # its positions can be far off
        same = same or [c for c in kept if c.zone == principal.zone and
                        c.is_own(key)]
    close = [c for c in near if distance_km(c, principal) < 6]
    if same:
        city = max(same, key=lambda c: c.population)
    elif close and principal.id == "zone.tab":
        city = max(close, key=lambda c: c.population)
    else:
        city = principal
        city.name = city.plain
        kept.append(city)
    if city in others:
        others.remove(city)
        kept.append(city)
    city.is_principal = city.is_principal or is_principal
    if principal.id == "zone.tab":
        city.zone = principal.zone
    add_name(city, principal.plain, NAME | OWN | (SHIPPED if is_principal else 0))
    for name in principal.others:
        add_name(city, name, NAME | OWN | only_language_of(city, name))
    # a smaller namesake nearby would only be taken for it
    for twin in [c for c in kept if c.country == city.country and c.population < city.population and
                 not c.is_principal and c.name != city.name and fold(c.name) == key]:
        kept.remove(twin)


def qualify(kept):
    """A city with namesakes is written with its country, and with its region if the country has two.
    """
    by_key = {}
    for city in kept:
        for key in filter(city.is_own, city.names):
            by_key.setdefault(key, []).append(city)
    for city in kept:
        city.needs_country = len(by_key[fold(city.name)]) > 1
    lost = []
    for key, cities in by_key.items():
        for city in cities:
            rivals = [c for c in cities if c is not city and c.country == city.country]
            if rivals and fold(city.name) == key:
                city.needs_region = True
                twins = [c for c in rivals if fold(c.region) == fold(city.region)]
                if not is_sound(city.region) or twins:
                    lost += [c for c in twins if c.population < city.population]
    return [c for c in kept if c not in lost], lost


# --- what goes out -------------------------------------------------------------------------------


class Text:
    """Strings in rows of fewer than ROW bytes: a string's place is its row times ROW and its column.
    """

    def __init__(self):
        self.rows, self.known = [[]], {}
        self.used = 0

    def add(self, text):
        if text not in self.known:
            size = len(text.encode()) + 1
            if self.used + size > ROW:
                self.rows.append([])
                self.used = 0
            self.known[text] = (len(self.rows) - 1) * ROW + self.used
            self.rows[-1].append(text)
            self.used += size
        return self.known[text]


def quoted(parts, indent):
    lines, line = [], ""
    for part in parts:
        if len(line) + len(part) > 86:
            lines.append(line)
            line = ""
        line += part.replace("\\", "\\\\").replace('"', '\\"') + "\\0"
    return ("\n" + indent).join(f'"{line}"' for line in lines + [line])


def print_packed(items):
    line = "   "
    for item in items:
        if len(line) + len(item) + 1 > 99:
            print(line)
            line = "   "
        line += " " + item
    print(line)


def main():
    root, tz_js = sys.argv[1:3]
    library = next(os.path.join(d, f) for d, _, files in os.walk(root) for f in files
                   if f.startswith("libgeonames.so."))
    packed = subprocess.run(["gresource", "extract", library, "/com/lomiri/geonames/cities.compiled"],
                            capture_output=True, check=True).stdout
    languages = sorted(set(LANGUAGES) | {l for c in list(LOCAL) for l in local_languages(c)})
    catalogues, digest = {}, hashlib.sha256(packed)
    for language in languages:
        path = os.path.join(root, "usr/share/locale", language, "LC_MESSAGES/geonames.mo")
        data = open(path, "rb").read()
        digest.update(data)
        catalogues[language] = gettext.GNUTranslations(open(path, "rb"))._catalog
    all_cities, country_names = [], {}
    for text, population, latitude, longitude in map(variant_city, variant_array(packed)):
        id, name, _, region, country, country_name, zone = text
        country_names[country] = clean(country_name.replace("S.A.R", ""))
        region = region.replace("Washington, D.C.", "District of Columbia")
        region = re.sub("^State of ", "", region) if country == "US" else region
        all_cities.append(City(id, name, clean(region), country, zone, population, latitude, longitude))
    unknown = mend_zones(all_cities, tz_js)
    for city in all_cities:
        name_city(city, catalogues)
    # the quarters of a city that are but numbered are no places that people name
    sound = [c for c in all_cities if is_sound(c.name)]
    kept, others, count = [], [], {}
    for city in sorted(sound, key=lambda c: -c.population):
        count[city.country] = count.get(city.country, 0) + 1
        is_kept = city.population >= POPULATION_OF.get(city.country, POPULATION) or count[city.country] <= LARGEST
        (kept if is_kept else others).append(city)
    for principal in read_principal():
        keep_named(principal, kept, others, True)
    # a small city takes no name from one that rules have always known by it
    shipped = {key for c in kept if c.is_principal for key in c.names if c.of_all(key) & SHIPPED}
    small = [c for c in kept if not c.is_principal and c.population < POPULATION and
             count[c.country] > LARGEST and any(c.is_own(key) for key in shipped & set(c.names))]
    kept = [c for c in kept if c not in small]
    others += small
    for town in read_by_hand("towns.tsv"):
        keep_named(town, kept, others, False)
    kept, lost = qualify(kept)
    for line in open("/usr/share/zoneinfo/iso3166.tab", encoding="utf-8"):
        if line[0] != "#":
            code, name = line.rstrip("\n").split("\t")
            country_names.setdefault(code, clean(name))
    kept.sort(key=lambda c: (fold(c.name), -c.population))
    zones = sorted({c.zone for c in kept})
    countries = sorted({c.country for c in kept})
    text = Text()
    rows = []
    for city in kept:
        region = text.add(city.region if is_sound(city.region) else "")
        flags = city.needs_country | city.needs_region << 1 | city.is_principal << 2
        assert len(f"{city.name}, {city.region}, XX".encode()) < 64 or not city.needs_region
        rows.append("{%d, %d, %d, %d, %d, %d, %d, %d}," % (
            round(city.latitude * 1e4), round(city.longitude * 1e4), city.population,
            text.add(city.name), region, zones.index(city.zone), countries.index(city.country), flags))
    names = sorted((key, -c.population, i, text.add(name), flags | c.of_all(key))
                   for i, c in enumerate(kept) for key, spelled in c.names.items()
                   for name, flags in spelled.items())
    version = open(TZDATA).readline().split()[-1]
    print(f'''/* Written by scheduler/core/places/tools/make_gazetteer.py: not to be edited.
 *
 * {len(kept)} cities and {len(names)} names of theirs from GeoNames (https://www.geonames.org), under the
 * Creative Commons Attribution 4.0 licence (https://creativecommons.org/licenses/by/4.0/), changed:
 * a selection, names cleaned, zones brought up to date.  As Debian's libgeonames0 and
 * libgeonames-common 0.3.0-1 of 4 January 2023 have them, SHA-256 of the cities and catalogues
 * {digest.hexdigest()};
 * with tzdata {version} zone.tab (public domain), SHA-256
 * {hashlib.sha256(open(ZONE_TAB, "rb").read()).hexdigest()},
 * and tools/places.tsv and tools/towns.tsv (CC0). */
#include "places/gazetteer.h"

/* clang-format off */
const char gazetteer_text[][GAZETTEER_ROW] = {{''')
    for row in text.rows:
        print("    " + quoted(row, "    ") + ",")
    print("};\n\nconst char gazetteer_zone[][GAZETTEER_ZONE_SIZE] = {")
    print_packed(f'"{zone}",' for zone in zones)
    print("};\nconst size_t gazetteer_zones = sizeof gazetteer_zone / sizeof *gazetteer_zone;")
    print("\nconst struct gazetteer_country gazetteer_country[] = {")
    print_packed(f'{{"{c}", "{country_names[c]}"}},' for c in countries)
    known = {fold(country_names[c]) for c in countries}
    print_packed(f'{{"{c}", "{n}"}},' for c in countries for n in COUNTRIES.get(c, ())
                 if fold(n) not in known)
    print("};\nconst size_t gazetteer_countries = sizeof gazetteer_country / sizeof *gazetteer_country;")
    print("\n/* latitude, longitude, population, name, region, zone, country, what it is written with */")
    print("const struct gazetteer_city gazetteer_city[] = {")
    print_packed(rows)
    print("};\nconst size_t gazetteer_cities = sizeof gazetteer_city / sizeof *gazetteer_city;")
    print("\n/* by key, then by population: text, city, languages */")
    print("const struct gazetteer_name gazetteer_name[] = {")
    print_packed(f"{{{at}, {i}, {flags}}}," for _, _, i, at, flags in names)
    print("};\nconst size_t gazetteer_names = sizeof gazetteer_name / sizeof *gazetteer_name;")
    print(f"{len(kept)} cities, {len(names)} names, {len(text.rows)} rows of text, {len(zones)} zones; "
          f"left out as twins: {[(c.name, c.region, c.country, c.population) for c in lost]}; "
          f"unknown zones: {sorted(set(unknown))}", file=sys.stderr)


COUNTRIES_OF = {line.split("\t")[2].strip(): line.split("\t")[0].split(",")
                for line in open(ZONE_TAB) if line[0] != "#"}
if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        words = load_words(folder)
        words.words_fold.restype = ctypes.c_uint32
        FORMER_BY_FOLD = {(fold(name), country): names for (name, country), names in FORMER.items()}
        main()

#!/usr/bin/env python3
"""make_countries.py > countries_table.c -- what countries are called in the languages of rules.

The names are CLDR's, by the Intl.DisplayNames of node (Unicode licence v3); the cases that stand after
"in" and "of" are made of them by the endings below.
"""
import json
import subprocess

LANGUAGES = "it es fr de pt pl uk ar el".split()
# countries, and territories that have a clock and readers of their own
CODES = """AD AE AF AG AL AM AO AR AT AU AZ BA BB BD BE BF BG BH BI BJ BN BO BR BS BT BW BY BZ CA CD CF CG CH CI CL
CM CN CO CR CU CV CY CZ DE DJ DK DM DO DZ EC EE EG ER ES ET FI FJ FR GA GB GD GE GH GM GN GQ GR GT GW GY HN HR HT HU ID
IE IL IN IQ IR IS IT JM JO JP KE KG KH KM KP KR KW KZ LA LB LI LK LR LS LT LU LV LY MA MC MD ME MG MK ML MM MN MR MT
MU MV MW MX MY MZ NA NE NG NI NL NO NP NZ OM PA PE PG PH PK PL PR PS PT PY QA RO RS RU RW SA SC SD SE SG SI SK SL SM
SN SO SR SS ST SV SY SZ TD TG TH TJ TL TM TN TR TT TW TZ UA UG US UY UZ VE VN XK YE ZA ZM ZW""".split()
ALSO = {
    "it": "GB Inghilterra;GB Gran Bretagna;US USA;NL Olanda;PS Palestina;CZ Repubblica Ceca;VA Vaticano",
    "es": "GB Inglaterra;GB Gran Bretaña;US EE. UU.;US EEUU;US USA;NL Holanda;PS Palestina;MX Mexico",
    "fr": "GB Angleterre;GB Grande-Bretagne;US USA;NL Hollande;PS Palestine;CZ République tchèque;CI Côte d'Ivoire",
    "de": "GB England;GB Großbritannien;US USA;US Vereinigten Staaten;NL Holland;NL den Niederlanden;PS Palästina;CZ Tschechische Republik",
    "pt": "GB Inglaterra;GB Grã-Bretanha;US EUA;US USA;NL Holanda;PS Palestina",
    "pl": "GB Anglia;US USA;NL Niderlandy;PS Palestyna;DE Niemczech;DE Niemiec;IT Włoszech;IT Włoch;CZ Czechach;CZ Czech;"
          "HU Węgrzech;HU Węgier;US Stanach Zjednoczonych;GB Wielkiej Brytanii;NL Holandii;CH Szwajcarii;UA Ukrainie;SK Słowacji",
    "uk": "GB Англія;GB Велика Британія;GB Великій Британії;US США;NL Голландія;PS Палестина;US Сполучених Штатах;IL Ізраїлі",
    "ar": "US أمريكا;US الولايات المتحدة;GB بريطانيا;PS فلسطين;AE الإمارات;SA السعودية",
    "el": "GB Αγγλία;GB Μεγάλη Βρετανία;US ΗΠΑ;NL Ολλανδία;PS Παλαιστίνη;CZ Τσεχία",
}
ENDINGS = {  # nominative to the cases after "in" and "of"
    "pl": [("ska", ["sce", "ski"]), ("lia", ["lii"]), ("cja", ["cji"]), ("ja", ["ji"]), ("ia", ["ii"]), ("wa", ["wie", "wy"]),
           ("ka", ["ce", "ki"]), ("na", ["nie", "ny"]), ("ra", ["rze", "ry"]), ("da", ["dzie", "dy"]),
           ("an", ["anie", "anu"]), ("n", ["nie", "nu"]), ("t", ["cie", "tu"]), ("r", ["rze", "ru"]), ("k", ["ku"]), ("l", ["lu"])],
    "uk": [("ія", ["ії"]), ("ща", ["щі"]), ("ка", ["ці", "ки"]), ("на", ["ні", "ни"]), ("да", ["ді", "ди"]), ("ва", ["ві", "ви"]),
           ("ра", ["рі", "ри"]), ("а", ["і", "и"]), ("н", ["ні", "ну"]), ("т", ["ті", "ту"]), ("р", ["рі", "ру"])],
    "el": [("ος", ["ο", "ου"]), ("ής", ["ή"]), ("άς", ["ά"]), ("α", ["ας"]), ("ία", ["ίας"]), ("η", ["ης"]), ("ο", ["ου"])],
}
CLDR = subprocess.check_output(["node", "-p", "process.versions.cldr"], text=True).strip()
names = json.loads(subprocess.check_output(["node", "-e", """
const [codes, languages] = JSON.parse(process.argv[1]);
console.log(JSON.stringify(Object.fromEntries(languages.map(l => {
    const names = new Intl.DisplayNames([l], {type: 'region'});
    return [l, codes.map(c => names.of(c))];
}))));""", json.dumps([CODES, LANGUAGES])]))


def forms(language, name):
    yield name
    if " " in name:
        return
    for ending, others in ENDINGS.get(language, []):
        if name.endswith(ending):
            yield from (name[:-len(ending)] + other for other in others)
            return


print(f"""/* Written by scheduler/core/words/tools/make_countries.py: not to be edited.
 *
 * Names from CLDR {CLDR} (Unicode licence v3), with cases made by the script's endings. */
#include "words/countries.h"

/* clang-format off */""")
for language in LANGUAGES:
    rows, seen = [], set()
    pairs = [(c, n.replace("’", "'")) for c, n in zip(CODES, names[language])]
    pairs += [tuple(also.split(" ", 1)) for also in ALSO[language].split(";")]
    for code, name in pairs:
        for form in forms(language, name):
            if form.lower() not in seen:
                seen.add(form.lower())
                rows.append('{"%s", "%s"},' % (code, form))
    print(f"static const struct country_name {language}[] = {{")
    line = "   "
    for row in rows:
        if len(line) + len(row) > 116:
            print(line)
            line = "   "
        line += " " + row
    print(line + "\n};")
print("/* clang-format on */\n")
print("""const struct country_name *countries_of(enum language language, size_t *count)
{
    static const struct {
        const struct country_name *name;
        size_t count;
    } tables[LANGUAGES] = {""")
for language in LANGUAGES:
    print(f"        [LANGUAGE_{language.upper()}] = {{{language}, sizeof {language} / sizeof *{language}}},")
print("""    };
    *count = tables[language].count;
    return tables[language].name;
}""")

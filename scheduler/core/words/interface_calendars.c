#include "words/interface_calendars.h"

/* Months, weekdays and units are CLDR's in the form that dates have (ICU checks them:
 * tests/real/test_words_interface_cldr.c). */

const struct interface_calendar interface_calendars[INTERFACE_LANGUAGES] = {
    [INTERFACE_EN] =
        {
            .code = "en",
            .own_name = "English",
            .month = {"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
            .month_short = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"},
            .weekday = {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"},
            .date = {"{w} {d} {m} {y}", "{d} {m}", "{d} {m} {y}"},
            .unit =
                {
                    [UNIT_SECOND] = {[PLURAL_ONE] = "# second", [PLURAL_OTHER] = "# seconds"},
                    [UNIT_MINUTE] = {[PLURAL_ONE] = "# minute", [PLURAL_OTHER] = "# minutes"},
                    [UNIT_HOUR] = {[PLURAL_ONE] = "# hour", [PLURAL_OTHER] = "# hours"},
                    [UNIT_DAY] = {[PLURAL_ONE] = "# day", [PLURAL_OTHER] = "# days"},
                },
        },
    [INTERFACE_IT] =
        {
            .code = "it",
            .own_name = "Italiano",
            .month = {"gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto", "settembre", "ottobre", "novembre", "dicembre"},
            .month_short = {"gen", "feb", "mar", "apr", "mag", "giu", "lug", "ago", "set", "ott", "nov", "dic"},
            .weekday = {"lunedì", "martedì", "mercoledì", "giovedì", "venerdì", "sabato", "domenica"},
            .date = {"{w} {d} {m} {y}", "{d} {m}", "{d} {m} {y}"},
            .unit =
                {
                    [UNIT_SECOND] = {[PLURAL_ONE] = "# secondo", [PLURAL_OTHER] = "# secondi"},
                    [UNIT_MINUTE] = {[PLURAL_ONE] = "# minuto", [PLURAL_OTHER] = "# minuti"},
                    [UNIT_HOUR] = {[PLURAL_ONE] = "# ora", [PLURAL_OTHER] = "# ore"},
                    [UNIT_DAY] = {[PLURAL_ONE] = "# giorno", [PLURAL_OTHER] = "# giorni"},
                },
        },
    [INTERFACE_ES] =
        {
            .code = "es",
            .own_name = "Español",
            .month = {"enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"},
            .month_short = {"ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sept", "oct", "nov", "dic"},
            .weekday = {"lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"},
            .date = {"{w}, {d} de {m} de {y}", "{d} {m}", "{d} {m} {y}"},
            .unit =
                {
                    [UNIT_SECOND] = {[PLURAL_ONE] = "# segundo", [PLURAL_OTHER] = "# segundos"},
                    [UNIT_MINUTE] = {[PLURAL_ONE] = "# minuto", [PLURAL_OTHER] = "# minutos"},
                    [UNIT_HOUR] = {[PLURAL_ONE] = "# hora", [PLURAL_OTHER] = "# horas"},
                    [UNIT_DAY] = {[PLURAL_ONE] = "# día", [PLURAL_OTHER] = "# días"},
                },
        },
    [INTERFACE_FR] =
        {
            .code = "fr",
            .own_name = "Français",
            .month = {"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"},
            .month_short = {"janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."},
            .weekday = {"lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"},
            .date = {"{w} {d} {m} {y}", "{d} {m}", "{d} {m} {y}"},
            .unit =
                {
                    [UNIT_SECOND] = {[PLURAL_ONE] = "# seconde", [PLURAL_OTHER] = "# secondes"},
                    [UNIT_MINUTE] = {[PLURAL_ONE] = "# minute", [PLURAL_OTHER] = "# minutes"},
                    [UNIT_HOUR] = {[PLURAL_ONE] = "# heure", [PLURAL_OTHER] = "# heures"},
                    [UNIT_DAY] = {[PLURAL_ONE] = "# jour", [PLURAL_OTHER] = "# jours"},
                },
        },
    [INTERFACE_DE] =
        {
            .code = "de",
            .own_name = "Deutsch",
            .month = {"Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember"},
            .month_short = {"Jan.", "Feb.", "März", "Apr.", "Mai", "Juni", "Juli", "Aug.", "Sept.", "Okt.", "Nov.", "Dez."},
            .weekday = {"Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"},
            .date = {"{w}, {d}. {m} {y}", "{d}. {m}", "{d}. {m} {y}"},
            .unit =
                {
                    [UNIT_SECOND] = {[PLURAL_ONE] = "# Sekunde", [PLURAL_OTHER] = "# Sekunden"},
                    [UNIT_MINUTE] = {[PLURAL_ONE] = "# Minute", [PLURAL_OTHER] = "# Minuten"},
                    [UNIT_HOUR] = {[PLURAL_ONE] = "# Stunde", [PLURAL_OTHER] = "# Stunden"},
                    [UNIT_DAY] = {[PLURAL_ONE] = "# Tag", [PLURAL_OTHER] = "# Tage"},
                },
        },
    [INTERFACE_PT] =
        {
            .code = "pt",
            .own_name = "Português",
            .month = {"janeiro", "fevereiro", "março", "abril", "maio", "junho", "julho", "agosto", "setembro", "outubro", "novembro", "dezembro"},
            .month_short = {"jan.", "fev.", "mar.", "abr.", "mai.", "jun.", "jul.", "ago.", "set.", "out.", "nov.", "dez."},
            .weekday = {"segunda-feira", "terça-feira", "quarta-feira", "quinta-feira", "sexta-feira", "sábado", "domingo"},
            .date = {"{w}, {d} de {m} de {y}", "{d} {m}", "{d} {m} {y}"},
            .unit =
                {
                    [UNIT_SECOND] = {[PLURAL_ONE] = "# segundo", [PLURAL_OTHER] = "# segundos"},
                    [UNIT_MINUTE] = {[PLURAL_ONE] = "# minuto", [PLURAL_OTHER] = "# minutos"},
                    [UNIT_HOUR] = {[PLURAL_ONE] = "# hora", [PLURAL_OTHER] = "# horas"},
                    [UNIT_DAY] = {[PLURAL_ONE] = "# dia", [PLURAL_OTHER] = "# dias"},
                },
        },
    [INTERFACE_PL] =
        {
            .code = "pl",
            .own_name = "Polski",
            .month = {"stycznia", "lutego", "marca", "kwietnia", "maja", "czerwca", "lipca", "sierpnia", "września", "października", "listopada", "grudnia"},
            .month_short = {"sty", "lut", "mar", "kwi", "maj", "cze", "lip", "sie", "wrz", "paź", "lis", "gru"},
            .weekday = {"poniedziałek", "wtorek", "środa", "czwartek", "piątek", "sobota", "niedziela"},
            .date = {"{w}, {d} {m} {y}", "{d} {m}", "{d} {m} {y}"},
            .unit =
                {
                    [UNIT_SECOND] = {[PLURAL_ONE] = "# sekunda", [PLURAL_FEW] = "# sekundy", [PLURAL_OTHER] = "# sekund"},
                    [UNIT_MINUTE] = {[PLURAL_ONE] = "# minuta", [PLURAL_FEW] = "# minuty", [PLURAL_OTHER] = "# minut"},
                    [UNIT_HOUR] = {[PLURAL_ONE] = "# godzina", [PLURAL_FEW] = "# godziny", [PLURAL_OTHER] = "# godzin"},
                    [UNIT_DAY] = {[PLURAL_ONE] = "# dzień", [PLURAL_OTHER] = "# dni"},
                },
        },
    [INTERFACE_UK] =
        {
            .code = "uk",
            .own_name = "Українська",
            .month = {"січня", "лютого", "березня", "квітня", "травня", "червня", "липня", "серпня", "вересня", "жовтня", "листопада", "грудня"},
            .month_short = {"січ.", "лют.", "бер.", "квіт.", "трав.", "черв.", "лип.", "серп.", "вер.", "жовт.", "лист.", "груд."},
            .weekday = {"понеділок", "вівторок", "середа", "четвер", "пʼятниця", "субота", "неділя"},
            .date = {"{w}, {d} {m} {y} р.", "{d} {m}", "{d} {m} {y} р."},
            .unit =
                {
                    [UNIT_SECOND] = {[PLURAL_ONE] = "# секунда", [PLURAL_FEW] = "# секунди", [PLURAL_OTHER] = "# секунд"},
                    [UNIT_MINUTE] = {[PLURAL_ONE] = "# хвилина", [PLURAL_FEW] = "# хвилини", [PLURAL_OTHER] = "# хвилин"},
                    [UNIT_HOUR] = {[PLURAL_ONE] = "# година", [PLURAL_FEW] = "# години", [PLURAL_OTHER] = "# годин"},
                    [UNIT_DAY] = {[PLURAL_ONE] = "# день", [PLURAL_FEW] = "# дні", [PLURAL_OTHER] = "# днів"},
                },
        },
    [INTERFACE_AR] =
        {
            .code = "ar",
            .own_name = "العربية",
            .month = {"يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو", "يوليو", "أغسطس", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر"},
            .month_short = {"يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو", "يوليو", "أغسطس", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر"},
            .weekday = {"الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت", "الأحد"},
            .date = {"{w}، {d} {m} {y}", "{d} {m}", "{d} {m} {y}"},
            .unit =
                {
                    [UNIT_SECOND] = {[PLURAL_ONE] = "ثانية", [PLURAL_TWO] = "ثانيتان", [PLURAL_FEW] = "# ثوان", [PLURAL_OTHER] = "# ثانية"},
                    [UNIT_MINUTE] = {[PLURAL_ONE] = "دقيقة", [PLURAL_TWO] = "دقيقتان", [PLURAL_FEW] = "# دقائق", [PLURAL_OTHER] = "# دقيقة"},
                    [UNIT_HOUR] = {[PLURAL_ONE] = "ساعة", [PLURAL_TWO] = "ساعتان", [PLURAL_FEW] = "# ساعات", [PLURAL_OTHER] = "# ساعة"},
                    [UNIT_DAY] = {[PLURAL_ONE] = "يوم", [PLURAL_TWO] = "يومان", [PLURAL_FEW] = "# أيام", [PLURAL_MANY] = "# يومًا", [PLURAL_OTHER] = "# يوم"},
                },
        },
    [INTERFACE_EL] =
        {
            .code = "el",
            .own_name = "Ελληνικά",
            .month = {"Ιανουαρίου", "Φεβρουαρίου", "Μαρτίου", "Απριλίου", "Μαΐου", "Ιουνίου", "Ιουλίου", "Αυγούστου", "Σεπτεμβρίου", "Οκτωβρίου", "Νοεμβρίου", "Δεκεμβρίου"},
            .month_short = {"Ιαν", "Φεβ", "Μαρ", "Απρ", "Μαΐ", "Ιουν", "Ιουλ", "Αυγ", "Σεπ", "Οκτ", "Νοε", "Δεκ"},
            .weekday = {"Δευτέρα", "Τρίτη", "Τετάρτη", "Πέμπτη", "Παρασκευή", "Σάββατο", "Κυριακή"},
            .date = {"{w} {d} {m} {y}", "{d} {m}", "{d} {m} {y}"},
            .unit =
                {
                    [UNIT_SECOND] = {[PLURAL_ONE] = "# δευτερόλεπτο", [PLURAL_OTHER] = "# δευτερόλεπτα"},
                    [UNIT_MINUTE] = {[PLURAL_ONE] = "# λεπτό", [PLURAL_OTHER] = "# λεπτά"},
                    [UNIT_HOUR] = {[PLURAL_ONE] = "# ώρα", [PLURAL_OTHER] = "# ώρες"},
                    [UNIT_DAY] = {[PLURAL_ONE] = "# ημέρα", [PLURAL_OTHER] = "# ημέρες"},
                },
        },
    [INTERFACE_HE] =
        {
            .code = "he",
            .own_name = "עברית",
            .month = {"ינואר", "פברואר", "מרץ", "אפריל", "מאי", "יוני", "יולי", "אוגוסט", "ספטמבר", "אוקטובר", "נובמבר", "דצמבר"},
            .month_short = {"ינו׳", "פבר׳", "מרץ", "אפר׳", "מאי", "יוני", "יולי", "אוג׳", "ספט׳", "אוק׳", "נוב׳", "דצמ׳"},
            .weekday = {"יום שני", "יום שלישי", "יום רביעי", "יום חמישי", "יום שישי", "יום שבת", "יום ראשון"},
            .date = {"{w}, {d} ב{m} {y}", "{d} ב{m}", "{d} ב{m} {y}"},
            .unit =
                {
                    [UNIT_SECOND] = {[PLURAL_ONE] = "שניה", [PLURAL_TWO] = "שתי שניות", [PLURAL_OTHER] = "# שניות"},
                    [UNIT_MINUTE] = {[PLURAL_ONE] = "דקה", [PLURAL_TWO] = "שתי דקות", [PLURAL_OTHER] = "# דקות"},
                    [UNIT_HOUR] = {[PLURAL_ONE] = "שעה", [PLURAL_TWO] = "שעתיים", [PLURAL_OTHER] = "# שעות"},
                    [UNIT_DAY] = {[PLURAL_ONE] = "יום", [PLURAL_TWO] = "יומיים", [PLURAL_OTHER] = "# ימים"},
                },
        },
    [INTERFACE_JA] =
        {
            .code = "ja",
            .own_name = "日本語",
            .month = {"1月", "2月", "3月", "4月", "5月", "6月", "7月", "8月", "9月", "10月", "11月", "12月"},
            .month_short = {"1月", "2月", "3月", "4月", "5月", "6月", "7月", "8月", "9月", "10月", "11月", "12月"},
            .weekday = {"月曜日", "火曜日", "水曜日", "木曜日", "金曜日", "土曜日", "日曜日"},
            .date = {"{y}年{m}{d}日{w}", "{m}{d}日", "{y}年{m}{d}日"},
            .unit =
                {
                    [UNIT_SECOND] = {[PLURAL_OTHER] = "# 秒"},
                    [UNIT_MINUTE] = {[PLURAL_OTHER] = "# 分"},
                    [UNIT_HOUR] = {[PLURAL_OTHER] = "# 時間"},
                    [UNIT_DAY] = {[PLURAL_OTHER] = "# 日"},
                },
        },
};

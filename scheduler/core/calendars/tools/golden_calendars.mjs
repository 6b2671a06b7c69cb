// Writes tests/golden/calendars/NAME.tsv: of each year its first day and the days of its months, by
// other hands than ours.
//
//   npm install @hebcal/core@6.9.3 jalaali-js@2.0.1 lunar-javascript@1.7.7 korean-lunar-calendar@0.4.0 @tabby_ai/hijri-converter@1.0.5
//   node golden_calendars.mjs FOLDER      (Node 20.20.2 with ICU 78.2, for the calendars that are its)
//
// A line: the year, its first day, then MONTH:DAYS in order; a leap month is MONTH+:DAYS.
import { createRequire } from "node:module";
import { writeFileSync } from "node:fs";
import path from "node:path";

const load = createRequire(path.join(process.cwd(), "package.json"));
const { HDate } = await import(path.join(process.cwd(), "node_modules/@hebcal/core/dist/esm/index.js"));
const DAY = 86400000, FIRST = Date.UTC(1700, 0, 1), END = Date.UTC(2250, 0, 1);
const iso = (ms) => new Date(ms).toISOString().slice(0, 10);

// of(ms): [year, month, isLeap] of a day.  Years cut by either end are left out; isWhole: none is cut.
function write(name, origin, of, first = FIRST, end = END, isWhole = false) {
    const years = [];
    let year = null, month = null;
    for (let ms = first; ms < end; ms += DAY) {
        const [y, m, isLeap] = of(ms);
        const label = m + (isLeap ? "+" : "");
        if (year === null || year.year !== y) years.push((year = { year: y, first: ms, months: [] })), (month = null);
        if (month === null || month.label !== label) year.months.push((month = { label, days: 0 }));
        month.days++;
    }
    const lines = (isWhole ? years : years.slice(1, -1)).map((y) =>
        [y.year, iso(y.first), y.months.map((m) => `${m.label}:${m.days}`).join(" ")].join("\t"));
    writeFileSync(path.join(process.argv[2], name + ".tsv"), `# ${origin}\n# Written by scheduler/core/calendars/tools/golden_calendars.mjs.\n` + lines.join("\n") + "\n");
    console.log(name, lines.length, "years");
}

function intl(calendar) {
    const format = new Intl.DateTimeFormat(`en-u-ca-${calendar}-nu-latn`, { year: "numeric", month: "numeric", day: "numeric", timeZone: "UTC" });
    return (ms) => {
        const parts = Object.fromEntries(format.formatToParts(ms).map((p) => [p.type, p.value]));
        return [Number(parts.year), Number(parts.month), false];
    };
}
const icu = `Node ${process.versions.node} with ICU ${process.versions.icu} (Unicode-3.0)`;
for (const [name, calendar] of [["hijri-civil", "islamic-civil"], ["ethiopic", "ethiopic"], ["coptic", "coptic"], ["indian", "indian"]])
    write(name, icu, intl(calendar));

// Hebrew months are counted from Tishri, Adar I the 6th, Adar the 7th.
const hebrewMonth = (hd) => { const m = hd.getMonth(), isLeap = hd.isLeapYear(); // Nisan 1 ... Adar 12, Adar II 13
    return m >= 7 && m <= 11 ? m - 6 : m === 12 ? (isLeap ? 6 : 7) : m === 13 ? 7 : m + 7; };
write("hebrew", "npm @hebcal/core 6.9.3 (GPL-2.0)", (ms) => {
    const d = new Date(ms), hd = new HDate(new Date(d.getUTCFullYear(), d.getUTCMonth(), d.getUTCDate()));
    return [hd.getFullYear(), hebrewMonth(hd), false];
});
const jalaali = load("jalaali-js");
write("persian", "npm jalaali-js 2.0.1 (MIT)", (ms) => {
    const d = new Date(ms), j = jalaali.toJalaali(d.getUTCFullYear(), d.getUTCMonth() + 1, d.getUTCDate());
    return [j.jy, j.jm, false];
}, Date.UTC(1798, 2, 21)); // in force since 1304 (1925); sources differ before 1178
const { Solar } = load("lunar-javascript");
write("chinese", "npm lunar-javascript 1.7.7 (MIT), which has the published tables", (ms) => {
    const d = new Date(ms), lunar = Solar.fromYmd(d.getUTCFullYear(), d.getUTCMonth() + 1, d.getUTCDate()).getLunar();
    return [lunar.getYear(), Math.abs(lunar.getMonth()), lunar.getMonth() < 0];
}, Date.UTC(1900, 0, 1), Date.UTC(2101, 0, 1));
const Korean = load("korean-lunar-calendar"), korean = new (Korean.default ?? Korean)();
write("dangi", "npm korean-lunar-calendar 0.4.0 (MIT), which has the tables of KASI", (ms) => {
    const d = new Date(ms);
    if (!korean.setSolarDate(d.getUTCFullYear(), d.getUTCMonth() + 1, d.getUTCDate())) throw new Error(iso(ms));
    const lunar = korean.getLunarCalendar();
    return [lunar.year, lunar.month, lunar.intercalation];
}, Date.UTC(1890, 0, 1), Date.UTC(2050, 10, 1));

// Umm al-Qura as published; before 1365 AH it has months of 28 and 31 days.
const { gregorianToHijri } = load("@tabby_ai/hijri-converter");
write("hijri-umalqura", "npm @tabby_ai/hijri-converter 1.0.5 (MIT), which has the published table", (ms) => {
    const d = new Date(ms), h = gregorianToHijri({ year: d.getUTCFullYear(), month: d.getUTCMonth() + 1, day: d.getUTCDate() });
    return [h.year, h.month, false];
}, Date.UTC(1945, 11, 5), Date.UTC(2077, 10, 17), true);
// ICU has a table, too, in which the months of 1420 to 1450 AH alone are those published.
write("hijri-umalqura-icu", icu, intl("islamic-umalqura"), Date.UTC(1999, 3, 17), Date.UTC(2029, 4, 14), true);

// Writes tests/golden/places/zones.tsv: what the npm package itself says of 100,000 random points and
// of every city of gazetteer_table.c, as a digest of each thousand.
//
//   npm pack @photostructure/tz-lookup@11.7.0 && tar xzf photostructure-tz-lookup-11.7.0.tgz
//   node zone_points.js package/tz.js ../gazetteer_table.c > zones.tsv
"use strict";
const zone = require(require("path").resolve(process.argv[2]));
const source = require("fs").readFileSync(process.argv[3], "utf8");

let seed = 20261129, digest, count = 0;
function random() {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return seed / 4294967296;
}
function add(kind, latitude, longitude, isLast) { // FNV-1a, 32 bits, of the names and a line's end
    if (count++ % 1000 === 0) digest = 0x811c9dc5;
    const name = zone(latitude, longitude);
    for (const c of (name.startsWith("Etc/") ? "" : name) + "\n")
        digest = Math.imul(digest ^ c.charCodeAt(0), 0x01000193) >>> 0;
    if (count % 1000 === 0 || isLast) console.log(`${kind}\t${count}\t${digest.toString(16).padStart(8, "0")}`);
}
console.log("# @photostructure/tz-lookup 11.7.0 (CC0 1.0); see scheduler/core/places/tools/zone_points.js");
for (let i = 0; i < 100000; i++) {
    const latitude = -90 + 180 * random();
    add("point", latitude, -180 + 360 * random(), false);
}
count = 0;
const rows = source.slice(source.indexOf("gazetteer_city[] = {")).split("};")[0].matchAll(/\{(-?\d+), (-?\d+), /g);
const cities = [...rows].map((row) => [row[1] / 1e4, row[2] / 1e4]);
cities.forEach(([latitude, longitude], i) => add("city", latitude, longitude, i + 1 === cities.length));

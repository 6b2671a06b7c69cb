// read_feeds_node_ical.mjs -- the same by node-ical.
import fs from "node:fs";
import ical from "node-ical";

const two = (n) => String(n).padStart(2, "0");
const text = (date) => {
  // a whole day is a local midnight here
  if (date.dateOnly) return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return date.toISOString().replace(".000Z", "Z");
};
const events = Object.values(ical.sync.parseICS(fs.readFileSync(0, "utf8"))).filter((e) => e.type === "VEVENT");
console.log(JSON.stringify(events.map((e) => [e.uid, text(e.start), text(e.end), e.status,
  typeof e.summary === "string" ? e.summary : e.summary.val])));

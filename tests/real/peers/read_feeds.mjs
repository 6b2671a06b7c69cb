// read_feeds.mjs -- a feed on standard input as ical.js (Thunderbird's reader) understands it: a JSON
// array of [uid, start, end, status, summary], instants in UTC.
import fs from "node:fs";
import ICAL from "ical.js";

const calendar = new ICAL.Component(ICAL.parse(fs.readFileSync(0, "utf8")));
const text = (time) => {
  if (time.isDate) return time.toString();
  if (time.zone === ICAL.Timezone.localTimezone) throw new Error("floating time");
  return new Date(time.toUnixTime() * 1000).toISOString().replace(".000Z", "Z");
};
console.log(JSON.stringify(calendar.getAllSubcomponents("vevent").map((part) => {
  const event = new ICAL.Event(part);
  if (event.isRecurring()) throw new Error("recurring");
  return [event.uid, text(event.startDate), text(event.endDate), part.getFirstPropertyValue("status"),
          event.summary];
})));

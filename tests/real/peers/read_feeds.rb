# read_feeds.rb -- the same by ruby-icalendar.
require "stringio"
require "icalendar"
require "json"

calendar = Icalendar::Calendar.parse($stdin.read.force_encoding("UTF-8")).first
text = lambda do |time|
  time.is_a?(Icalendar::Values::Date) ? time.strftime("%Y-%m-%d") : time.to_time.utc.strftime("%Y-%m-%dT%H:%M:%SZ")
end
puts JSON.generate(calendar.events.map { |e|
  [e.uid.to_s, text.call(e.dtstart), text.call(e.dtend), e.status.to_s, e.summary.to_s]
})

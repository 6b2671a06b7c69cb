"""The JSON events that tocsin-listen can emit are those that its manual page lists: events.py SOURCE"""
import glob
import os
import re
import sys

source = sys.argv[1]


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


emitted, unnamed = set(), 0
for path in glob.glob(os.path.join(source, "clients/tocsin-listen/*.c")) + [os.path.join(source, "clients/host/show/show.c")]:
    text = read(path)
    emitted |= set(re.findall(r'\[NEWS_\w+\] = "([^"]+)"', text))
    emitted |= set(re.findall(r'json_text\(&json, "event", "([^"]+)"\)', text))
    # listen_note(listen, EVENT, format, ...)
    for event in re.findall(r"\blisten_note\([^,;()]+,\s*([^,;]+),", text):
        if event.startswith('"'):
            emitted.add(event.strip('"'))
        elif not event.startswith("const char"):  # not a prototype
            unnamed += 1
page = read(os.path.join(source, "clients/tocsin-listen/tocsin-listen.1"))
listed = set(re.findall(r"^\.It Li (\S+)$", page.split(".It Fl Fl format Cm json")[1].split("\n.El")[0], re.M))
print("emitted, but not in the manual: %s" % (sorted(emitted - listed) or "none"))
print("in the manual, but never emitted: %s" % (sorted(listed - emitted) or "none"))
print("%d events, %d calls whose event this test cannot read" % (len(emitted), unnamed))
sys.exit(emitted != listed or unnamed != 0 or len(emitted) < 15)

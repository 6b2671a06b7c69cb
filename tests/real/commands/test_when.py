"""tocsin when, and tocsin explain alike: where "here" is, and whose clock a position has."""
from organizers import Place, run, test


@test
def here_is_where_place_says():
    tocsin = Place()
    rule = "2 august at sunset at here for 1m"
    for command in ("when", "explain"):
        tocsin(command, rule, code=2, err='rule:1:23: no place "here": say where with --place, a city or LAT,LON$')
        tocsin(command, rule, "--place", "30,-45", code=2, err='rule:1:23: --place: 30,-45 lies at sea, and no clock is '
               'known there: write its zone after it, as in "30,-45 in Etc/GMT\\+3"$')
        tocsin(command, rule, "--place", "Italy", code=2, err="one place is needed here")
        tocsin(command, rule, "--place", "Springfield", code=2, err='write "Springfield, Missouri, US"')
        tocsin(command, rule, "--place", "Bolonga", code=2, err='did you mean "Bologna"')
        tocsin(command, rule, "--place", "44.49,11.34 in Nowhere/City", code=2, err='no zone "Nowhere/City"')
        tocsin(command, rule, "--place", "44.49,11.34,80 in Europe/Rome", out=".")
        tocsin(command, rule, "--place", "Rome", out=".")
    for where in ("34.05,-118.25", "34.05,-118.25 in America/Los_Angeles", "Los Angeles"):
        tocsin("when", rule, "--place", where, "--from", "2027-01-01", "--to", "2028-01-01",
               out="Mon 2027-08-02 19:5\\d:\\d\\d  America/Los_Angeles")
    tocsin("when", "2 august at 20:00 at 34.05,-118.25", "--from", "2027-01-01",
           out="Mon 2027-08-02 20:00  America/Los_Angeles")
    tocsin("when", "2 august at 20:00 at 30,-45", code=2, err="rule:1:22: 30,-45 lies at sea")


@test
def the_last_day_can_be_listed():
    tocsin = Place()
    tocsin("when", "every day at 12:00 UTC", "--from", "2249-12-30", "--to", "2250-01-01", out="2249-12-31 12:00")
    tocsin("sky", "--from", "2249-12-31", "--to", "2250-01-01", "--place", "Rome", out="2249-12-31.*sunset")
    tocsin("when", "every day", "--from", "2249-12-30", "--to", "2250-01-02", code=2, err="not a date from 1700 to 2249")


@test
def what_can_mean_two_things_is_asked_back():
    tocsin = Place()
    tocsin("when", "1 may at 8 in Rome", code=2, err='could mean "1 may at 08:00 in Europe/Rome"\n.*or "1 may at 20:00 in '
           'Europe/Rome"')
    tocsin("when", "flurb", code=2, err="rules are written like")


@test
def people_are_told_the_weekday_and_scripts_the_instant():
    tocsin = Place()
    span = ("--from", "2027-01-01", "--to", "2028-01-01")
    out = tocsin("when", "Full Moon in OCTOBER", *span)
    assert out.split("\n")[0] == "1st full moon of october", out
    assert "Fri 2027-10-15 13:47:01  UTC" in out and out.rstrip().endswith("[1] leap seconds not yet announced"), out
    assert all(len(line) <= 80 and line == line.rstrip() for line in out.split("\n")), out
    tsv = tocsin("when", "Full Moon in OCTOBER", *span, "--format", "tsv").split("\n")
    assert tsv[0] == "start\tend\tlocal\tnote" and tsv[1].startswith("2027-10-15T13:47:00.6"), tsv
    tocsin("when", "every other friday", code=2, err="counted from which friday")


@test
def a_span_without_any_says_why_and_what_is_next():
    tocsin = Place()
    span = ("--from", "2027-01-01", "--to", "2028-01-01")
    tocsin("when", "25 april every 2 years from 2026", *span, code=1, err="the next one after that: Tue 2028-04-25")
    tocsin("when", "13th full moon of year", *span, code=1, err="2027 has 12 full moons")
    tocsin("when", "1 may and 8 march", *span, out="1 may or 8 march", err='never fall on one day: read as "or"')
    tocsin("when", "1 may until 2020", *span, code=1, err="the rule ended in 2020")


run()

#!/usr/bin/env bash
# tocsin export and tocsin serve from the keys to the calendar programs: curl, minisign, vdirsyncer, khal.
set -euo pipefail
grep -q declare <<<"$(tocsin --help)" || { echo "this build has no store commands"; exit 77; }

fail() { echo "FAILED: $*" >&2; exit 1; }
await() { # await SECONDS COMMAND…: until the command succeeds; only what hangs takes ten times as long
    local until=$((SECONDS + 10 * $1)); shift
    until "$@" >/dev/null 2>&1; do
        [ $SECONDS -lt $until ] || fail "not in time: $*"
        sleep 0.05
    done
}

for name in ada bo cleo site; do tocsin key new "$name" --unsealed >/dev/null; done
root=$(tocsin root new "Bologna remembers" --organizer ada --organizer bo --organizer cleo \
    --threshold 2 --feed site=https://example.org/feeds/ --key ada --yes | tail -1)
case $root in *[!0-9a-f]*) root=$(echo "$root" | grep -o '[0-9a-f]\{64\}' | head -1) ;; esac
[ ${#root} = 64 ] || fail "no root id: $root"
root8=${root:0:16}
tocsin cosign "$root" --key bo --yes >/dev/null
uid=$(tocsin declare --title "A minute for Bologna" --title.it "Un minuto per Bologna" \
    --rule "2 august at 10:25 in Europe/Rome for 1m" --rest 24h --tone mourning --key ada --yes | tail -1)
uid=$(echo "$uid" | grep -o '[0-9a-f]\{32\}' | tail -1)

# --- export -------------------------------------------------------------------------------------
tocsin export site --key site >out.txt
tocsin export old --zone Europe/Rome --at 2040-01-01T00:00:00Z >old.txt 2>old-err.txt
grep -q 'more than a year old' old-err.txt || fail "old zone data are not told"
grep -q 'files, .* signatures: site' out.txt || fail "export says: $(cat out.txt)"
pub=$(grep -o 'RW[A-Za-z0-9+/=]\{54\}' "$XDG_CONFIG_HOME/tocsin/keys/site.pub")
minisign -Vqm "site/plain/$root8.ics" -P "$pub"
! grep -q 'SUMMARY.*minut' "site/plain/$root8.ics" || fail "one signature of two is in the feed"
grep -q TENTATIVE "site/plain/$root8-tentative.ics" || fail "one signature of two is tentative"
[ "site/plain/$root8/Asia/Kolkata.ics" -ef "site/plain/$root8/Asia/Calcutta.ics" ] || fail "equal zones are not one file"
[ "$(find site/plain -name '*.ics' | wc -l)" -gt 590 ] || fail "a zone has no feed"
! grep -rq --include='*.ics' 'TZID\|VTIMEZONE' site || fail "a zone's name is inside"
grep -q "webcal://example.org/feeds/plain/$root8.ics" site/it/index.html
[ -s "site/$root8/$uid.tocsin" ] || fail "no bundle for the window"
find site -type f -exec sha256sum {} + | sort >first
tocsin export site --key site >/dev/null
find site -type f -exec sha256sum {} + | sort | cmp first - || fail "an export of the same store differs"

tocsin export copied --key site --copy >/dev/null
diff -r site copied || fail "copies differ from links"
[ ! "copied/plain/$root8/Asia/Kolkata.ics" -ef "copied/plain/$root8/Asia/Calcutta.ics" ] || fail "--copy links"

# an address that was there stays, as an empty feed if need be
sed -i "s|^plain/$root8.ics\t|plain/$root8-2020.ics\t|" copied/index.tsv && cp "site/plain/$root8.ics" "copied/plain/$root8-2020.ics"
tocsin export copied --key site >/dev/null
grep -q "^UID:nothing.$root8" "copied/plain/$root8-2020.ics" || fail "an address has gone"
minisign -Vqm "copied/plain/$root8-2020.ics" -P "$pub"
tocsin export copied --key site >/dev/null
[ -e "copied/plain/$root8-2020.ics" ] || fail "an address has gone with the next export"

code=0; mkdir person && touch person/diary && tocsin export person >/dev/null 2>err.txt || code=$?
[ $code = 2 ] && grep -q 'holds other things' err.txt || fail "a folder with other things: $code"
code=0; tocsin export elsewhere --key ada 2>err.txt || code=$?
[ $code = 2 ] && grep -q 'no root here names this key' err.txt || fail "a key that no root names: $code"
for url in http:// https:// https:///feeds/ ftp://example.org/ ''; do
    code=0; tocsin export elsewhere --key site --url "$url" 2>err.txt || code=$?
    [ $code = 2 ] && grep -q 'not an address such as' err.txt || fail "--url '$url': $code"
done
[ ! -e elsewhere ] || fail "a refused export leaves a folder"

# --- serve --------------------------------------------------------------------------------------
tocsin serve --listen 127.0.0.1:0 --key site >served.txt 2>serve.err &
server=$!
await 20 grep -q '^listening http://127.0.0.1:[0-9]*/$' served.txt
url=$(sed -n 's/^listening //p' served.txt)
feed=${url}plain/$root8.ics

curl -sSf -D head.txt -o got.ics "$feed"
cmp got.ics "site/plain/$root8.ics" || fail "the served bytes are not the exported ones"
grep -qi '^content-type: text/calendar; charset=utf-8' head.txt
etag=$(sed -n 's/^[Ee][Tt]ag: *//p' head.txt | tr -d '\r')
[ "$(curl -sS -o /dev/null -w '%{http_code} %{size_download}' -H "If-None-Match: $etag" "$feed")" = "304 0" ] || fail "no 304"
! grep -qi '^content-length\|^content-encoding' <<<"$(curl -sS -o /dev/null -D - -H "If-None-Match: $etag" "$feed")" || fail "a 304 with a length"
modified=$(sed -n 's/^[Ll]ast-[Mm]odified: *//p' head.txt | tr -d '\r')
[ "$(curl -sS -o /dev/null -w '%{http_code} %{size_download}' -z "$modified" "$feed")" = "304 0" ] || fail "no 304 by date"
[ "$(curl -sSI -o /dev/null -w '%{http_code} %header{content-length}' "$feed" 2>/dev/null)" = "200 $(stat -c %s got.ics)" ] ||
    grep -qi "^content-length: $(stat -c %s got.ics)" <<<"$(curl -sSI "$feed")" || fail "HEAD"
curl -sS --compressed -o gz.ics "$feed" && cmp gz.ics got.ics || fail "gzip"
curl -sS -o got.minisig "$feed.minisig" && minisign -Vqm got.ics -x got.minisig -P "$pub" || fail "signature over HTTP"
grep -q "webcal://127.0.0.1:" <<<"$(curl -sSf "$url")" || fail "the page has no subscribe link"
[ "$(curl -sS -o /dev/null -w '%{http_code}' "${url}nothing")" = 404 ] || fail "no 404"
[ "$(curl -sS -o /dev/null -w '%{http_code}' --path-as-is "${url}../../../../etc/passwd")" = 404 ] || fail "traversal"
[ "$(curl -sS -o /dev/null -w '%{http_code} %{redirect_url}' "${url}it")" = "301 ${url}it/" ] || fail "no way to the folder"
[ "$(curl -sS -o /dev/null -w '%{http_code}' -d x=y "$url")" = 405 ] || fail "POST"
[ "$(curl -sS -o /dev/null -w '%{http_code}' -X GET -d x=y "$url")" = 413 ] || fail "a body"

code=0; tocsin serve --listen "${url#http://}" 2>err.txt || code=$?
[ $code = 2 ] || fail "a malformed address: $code"
address=${url#http://}; address=${address%/}
code=0; tocsin serve --listen "$address" 2>err.txt || code=$?
[ $code = 3 ] && [ "$(wc -l <err.txt)" = 1 ] && grep -q 'choose another port' err.txt || fail "a taken port: $code $(cat err.txt)"

# the second organizer signs: the served feed follows by itself
record=$(tocsin list --format tsv >/dev/null; find "$XDG_DATA_HOME/tocsin/records" -name '*.rec' -exec grep -l "^uid: $uid" {} + | head -1)
tocsin cosign "$(basename "$record" .rec)" --key bo --yes >/dev/null
# grep -q may end before it has read all, and curl would fail by it
confirmed() { grep -q '^SUMMARY.*minut' <<<"$(curl -sS "$feed")"; }
await 20 confirmed
for bundle in "$root8.tocsin" "$root8/$uid.tocsin"; do
    curl -sSf -o got.tocsin "$url$bundle"
    tocsin verify got.tocsin >/dev/null || fail "$bundle does not verify"
done
[ "$(curl -sS -o /dev/null -w '%{http_code}' -H "If-None-Match: $etag" "$feed")" = 200 ] || fail "304 for changed bytes"

# a change that comes while an export is at work is exported next, by the same server
declare_wave() { # a wave has a feed for every zone: its export is long enough to be met
    tocsin declare --title "$1" --rule "10 december at 20:00 everywhere for 10m" --key ada --yes 2>/dev/null | tail -1
}
declare_wave "Pots and pans" >/dev/null
await 20 pgrep -P $server
child=$(pgrep -P $server)
kill -STOP "$child" || fail "the export was over too soon"
second=$(declare_wave "Candles")
sleep 1 # the watch gathers changes; if it needed longer, the next line would only test less
kill -CONT "$child"
is_served() { grep -q 'SUMMARY.*Candles' <<<"$(curl -sS "${url}plain/$root8-tentative.ics")"; }
await 60 is_served
kill -0 $server || fail "a change during an export ended the server: $(cat serve.err)"
[ -n "$second" ] || fail "no second wave"

# a hangup exports again, and ends nothing; taken away is the site when no export writes it
is_idle() { ! pgrep -P $server >/dev/null; }
await 60 is_idle
rm -rf "$TMPDIR"/tocsin-site.*/plain
kill -HUP $server
is_there_again() { [ -e "$(ls -d "$TMPDIR"/tocsin-site.*)/plain/$root8.ics" ]; }
await 20 is_there_again
[ "$(curl -sS -o /dev/null -w '%{http_code}' "$feed")" = 200 ] || fail "a hangup ended the server"

# who taps Subscribe gets the waves too, with and without a zone
wave=$(echo "$second" | grep -o '[0-9a-f]\{32\}')
record=$(find "$XDG_DATA_HOME/tocsin/records" -name '*.rec' -exec grep -l "^uid: $wave" {} + | head -1)
tocsin cosign "$(basename "$record" .rec)" --key bo --yes >/dev/null
has_wave() { grep -q '^SUMMARY.*Candles' <<<"$(curl -sS "${url}plain/$root8/Europe/Rome.ics")"; }
await 20 has_wave
grep -q '^SUMMARY:20:00 · Candles' <<<"$(curl -sS "$feed")" || fail "no wave where no zone is known"

# vdirsyncer subscribes, khal shows
if command -v vdirsyncer >/dev/null && command -v khal >/dev/null; then
    mkdir -p sync
    cat >vdirsyncer.conf <<EOF
[general]
status_path = "$PWD/status"
[pair feed]
a = "web"
b = "disk"
collections = null
[storage web]
type = "http"
url = "$feed"
[storage disk]
type = "filesystem"
path = "$PWD/sync"
fileext = ".ics"
EOF
    printf '[calendars]\n[[a]]\npath = %s\n[locale]\nlocal_timezone = Europe/Rome\ndefault_timezone = Europe/Rome\ntimeformat = %%H:%%M\ndateformat = %%Y-%%m-%%d\nlongdateformat = %%Y-%%m-%%d\ndatetimeformat = %%Y-%%m-%%d %%H:%%M\nlongdatetimeformat = %%Y-%%m-%%d %%H:%%M\n[sqlite]\npath = %s/khal.db\n[default]\ndefault_calendar = a\n' "$PWD/sync" "$PWD" >khal.conf
    vdirsyncer -c vdirsyncer.conf discover feed >vdir.txt 2>&1 || { cat vdir.txt; fail "vdirsyncer discover"; }
    vdirsyncer -c vdirsyncer.conf sync >vdir.txt 2>&1 || { cat vdir.txt; fail "vdirsyncer sync"; }
    curl -sSf -o got.ics "$feed"
    events=$(grep -c BEGIN:VEVENT got.ics)
    [ "$(find sync -name '*.ics' | wc -l)" = "$events" ] || fail "vdirsyncer holds $(find sync -name '*.ics' | wc -l) of $events events"
    # a second sync moves nothing: unchanged events are byte-stable
    vdirsyncer -c vdirsyncer.conf sync >vdir.txt 2>&1
    ! grep -qi 'copying\|deleting' vdir.txt || fail "a second sync moved: $(cat vdir.txt)"
    year=$(date +%Y); [ "$(date +%m%d)" \< 0802 ] || year=$((year + 1))
    khal -c khal.conf list --format '{start} {title}' --day-format '' "$year-08-02" 1d >khal.txt 2>&1
    grep -q '10:25.*A minute for Bologna' khal.txt || { cat khal.txt; fail "khal does not show 10:25 in Rome"; }
else
    echo "vdirsyncer or khal not installed, not asked"
fi

# nothing about readers is left behind, and the end is clean
! grep -rIl "curl/" "$XDG_DATA_HOME" serve.err 2>/dev/null | grep -q . || fail "an agent string was kept"
folder=$(ls -d "$TMPDIR"/tocsin-site.* | head -1)
kill -TERM $server
code=0; wait $server || code=$?
[ $code = 0 ] || fail "serve ended with $code: $(cat serve.err)"
[ ! -e "$folder" ] || fail "$folder is left"
[ ! -s serve.err ] || fail "serve said: $(cat serve.err)"
echo "served, followed and ended"

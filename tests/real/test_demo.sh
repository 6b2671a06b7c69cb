#!/usr/bin/env bash
# The demo as a person runs it; twice at once; and Ctrl-C leaves no process behind.
set -uo pipefail
demo=$TOCSIN_SOURCE/clients/demo
fail() { echo "test_demo: $1" >&2; exit 1; }

"$demo" --in 14 --dir "$PWD/one" >one.log 2>&1 &
one=$!
"$demo" --in 15 --dir "$PWD/two" >two.log 2>&1 &
two=$!
wait $one || { cat one.log; fail "the first demo failed"; }
wait $two || { cat two.log; fail "the second demo, beside the first, failed"; }
for log in one.log two.log; do
    [ "$(grep -c 'started .* us from T-0' $log)" = 3 ] || { cat $log; fail "not three measured starts"; }
done
[ -s one/feed.ics ] || fail "no feed left in --dir"

# interrupted in the middle of the countdown: everything ends
# (a background job of a script ignores SIGINT, and what it starts inherits that: undo it)
/usr/bin/python3 -c 'import os, signal, sys
signal.signal(signal.SIGINT, signal.SIG_DFL)
os.setsid()
os.execv(sys.argv[1], sys.argv[1:])' "$demo" --in 60 --dir "$PWD/three" >three.log 2>&1 &
three=$!
for _ in $(seq 300); do grep -q Countdown three.log && break; sleep 0.1; done
grep -q Countdown three.log || { cat three.log; fail "the third demo never counted down"; }
kill -INT -- -$three
wait $three
left=$(pgrep -f -- "$PWD/three" || true)
[ -z "$left" ] || fail "processes left behind after Ctrl-C: $left"

"$demo" --in 3 >/dev/null 2>&1
[ $? = 2 ] || fail "--in 3 was not refused with exit 2"
echo "the demo works twice at once and cleans up"

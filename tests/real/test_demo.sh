#!/usr/bin/env bash
# The demo as a person runs it; twice at once; and Ctrl-C leaves no process behind.
set -uo pipefail
demo=$TOCSIN_SOURCE/clients/demo
fail() { echo "test_demo: $1" >&2; exit 1; }
house() { # DIR: a clone that has nothing to compile; its programs are those in PATH
    mkdir -p "$1/clients" "$1/tests" && cp "$TOCSIN_SOURCE/clients/demo" "$1/clients/" && cp "$TOCSIN_SOURCE/tests/packages" "$1/tests/"
    printf '%s\n' 'cmake_minimum_required(VERSION 3.25)' 'project(house NONE)' \
        'foreach(name tocsin tocsin-beacon tocsin-listen)' '  add_custom_target(${name})' 'endforeach()' >"$1/CMakeLists.txt"
}
if [ "${TOCSIN_DEEP:-}" != 1 ]; then # the tests' build has compiled the same files: that they are asked for rightly is enough
    { cmake -S "$TOCSIN_SOURCE" -B asked -G Ninja -DTOCSIN_TESTS=OFF && ninja -C asked -n tocsin tocsin-beacon tocsin-listen; } >asked.log ||
        { tail -n 20 asked.log; fail "its programs cannot be built"; }
    house here
    demo=$PWD/here/clients/demo
fi

# (a background job of a script ignores SIGINT, and what it starts inherits that: undo it)
one= rounds=() # sessions of their own, which nobody else would end when this test fails
trap 'for session in $one "${rounds[@]}"; do kill -TERM -- "-$session" 2>/dev/null; done' EXIT
as_at_a_terminal() {
    exec /usr/bin/python3 -c 'import os, signal, sys
signal.signal(signal.SIGINT, signal.SIG_DFL)
os.setsid()
os.execv(sys.argv[1], sys.argv[1:])' "$@"
}
await() { # await SECONDS WORDS LOG: until the log has them; only what hangs takes ten times as long
    local until=$((SECONDS + 10 * $1))
    until grep -qs -- "$2" "$3"; do
        [ $SECONDS -lt $until ] || { cat "$3"; fail "no \"$2\" in $3"; }
        sleep 0.1
    done
}
interrupted() { # PID DIR: Ctrl-C ends the demo and everything that it started
    local code=0 left
    kill -INT -- "-$1"
    wait "$1" || code=$?
    [ $code = 130 ] || { cat "${2##*/}.log"; fail "exit $code after Ctrl-C"; }
    left=$(pgrep -f -- "$2" || true)
    [ -z "$left" ] || fail "processes left behind after Ctrl-C: $left"
}

ahead() { /usr/bin/python3 -c 'import pace, sys; print(round(pace.ahead(int(sys.argv[1]))))' "$1"; } # as this machine needs

as_at_a_terminal "$demo" --in "$(ahead 14)" --keep --dir "$PWD/number one" >"number one.log" 2>&1 &
one=$!
"$demo" --in "$(ahead 15)" --dir "$PWD/two" >two.log 2>&1 &
two=$!
wait $two || { cat two.log; fail "the second demo, beside the first, failed"; }
await 30 "Still running" "number one.log"
for log in "number one.log" two.log; do
    [ "$(grep -c 'started .* us from T-0' "$log")" = 3 ] || { cat "$log"; fail "not three measured starts"; }
done
[ -s "number one/feed.ics" ] && [ -s two/feed.ics ] || fail "no feed left in --dir"
curl -fsS -o kept.html "$(sed -n 's/^Still running.*page \(http[^ ,]*\).*/\1/p' "number one.log")" &&
    grep -q "A minute for Bologna" kept.html || fail "--keep: the page is not there"
interrupted $one "$PWD/number one"

# interrupted in the middle of the countdown, each at another moment of it
if [ "${TOCSIN_DEEP:-}" = 1 ]; then moments=6; else moments=3; fi
for n in $(seq $moments); do
    as_at_a_terminal "$demo" --in "$(ahead 60)" --dir "$PWD/round $n" >"round $n.log" 2>&1 &
    rounds+=($!)
done
for n in $(seq $moments); do
    await 60 Countdown "round $n.log"
    sleep "0.$((RANDOM % 10))"
    interrupted "${rounds[n - 1]}" "$PWD/round $n"
done

refused() { # CODE WORDS ARGUMENT…: ends with CODE, having said WORDS
    local code=$1 words=$2 got=0
    shift 2
    "$@" >refused.log 2>&1 || got=$?
    [ $got = "$code" ] && grep -q -- "$words" refused.log || { cat refused.log; fail "exit $got, not $code with \"$words\": $*"; }
}
refused 2 "12 to 9999 seconds" "$demo" --in 3
refused 2 "unknown option" "$demo" --louder
refused 2 "exists already" "$demo" --dir "$PWD"
if [ "$(id -u)" = 0 ] && unshare -m true 2>/dev/null; then # as in a house where mosquitto was taken away
    refused 3 "mosquitto is not there: apt-get install" unshare -m bash -c \
        'mount --bind /dev/null "$(PATH=/usr/sbin:$PATH command -v mosquitto)" && exec "$@"' - "$demo" --dir "$PWD/four"
    refused 3 "No space left on device" unshare -m bash -c \
        'mkdir -p small && mount -t tmpfs -o size=8k tmpfs small && exec "$@"' - "$demo" --dir "$PWD/small/five"
    # a build folder that somebody made with another generator is used as it is
    house house
    cmake -S house -B house/build -G "Unix Makefiles" >/dev/null
    refused 3 "No space left on device" unshare -m bash -c \
        'mount -t tmpfs -o size=8k tmpfs small && exec "$@"' - house/clients/demo --dir "$PWD/small/six"
    # listeners that come when T-0 has been are told of with what helps, at once
    mkdir -p slow && printf '#!/bin/sh\nsleep 15\nexec "%s" "$@"\n' "$(command -v tocsin-listen)" >slow/tocsin-listen && chmod +x slow/tocsin-listen
    PATH=$PWD/slow:$PATH refused 1 "T-0 was there before the listeners were: this machine is busy; try --in 48" house/clients/demo --in 12 --dir "$PWD/seven"
    ! grep -q Killed refused.log || fail "it announces whom it ends"
fi
echo "the demo works twice at once and cleans up"

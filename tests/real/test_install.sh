#!/usr/bin/env bash
# cmake --install puts everything in place, and what is in place can be used.
set -euo pipefail
build=$(dirname "$TOCSIN_BIN")
stage=$PWD/stage
fail() { echo "test_install: $1" >&2; exit 1; }

DESTDIR=$stage cmake --install "$build" --prefix /usr >install.log 2>&1 || { cat install.log; exit 1; }
for file in bin/tocsin bin/tocsin-beacon bin/tocsin-listen include/tocsin.h \
            share/man/man1/tocsin.1 share/man/man3/tocsin.3 share/doc/libtocsin-dev/examples/tocsin.py share/man/man5/tocsin-rules.5 share/man/man5/tocsin-records.5 share/man/man5/tocsin-feeds.5 \
            share/doc/tocsin/events.schema.json share/tocsin/calendars/index.html share/tocsin/calendars/en/all.ics share/doc/tocsin/examples/nginx.conf lib/systemd/system/tocsin-serve.service share/man/man8/tocsin-beacon.8 \
            share/man/man5/tocsin-ticks.5 share/man/man5/tocsin-flight.5 share/man/man7/tocsin-emergency.7 share/doc/libtocsin-dev/tocsin-ticks.5 share/man/man1/tocsin-listen.1 lib/systemd/system/tocsin-beacon.service \
            lib/systemd/system/tocsin-listen.service lib/systemd/system/tocsin-listen-drill.service share/bash-completion/completions/tocsin \
            share/fish/vendor_completions.d/tocsin.fish share/zsh/vendor-completions/_tocsin \
            share/doc/tocsin-listen/examples/listen.conf share/doc/tocsin-beacon/examples/beacon.conf \
            share/doc/tocsin/examples/serve.conf share/bash-completion/completions/tocsin-beacon share/bash-completion/completions/tocsin-listen; do
    [ -s "$stage/usr/$file" ] || fail "/usr/$file is not installed"
done
TZ=Asia/Tehran "$stage/usr/bin/tocsin" export --catalogue --at "$(date -u -d "@${SOURCE_DATE_EPOCH:-$(date +%s)}" +%Y-%m-%dT%H:%M:%SZ)" calendars >/dev/null
diff -r calendars "$stage/usr/share/tocsin/calendars" || fail "the calendars installed are not those that this program makes"
archive=$(find "$stage" -name libtocsin.a)
pc=$(find "$stage" -name tocsin.pc)
[ -n "$archive" ] && [ -n "$pc" ] || fail "the library or its pkg-config file is not installed"

# what is installed runs, and says the same version as the package
"$stage/usr/bin/tocsin" --version | grep -q '[0-9]' || fail "the installed tocsin does not run"

# the library compiles and links by pkg-config alone, and shows no names but its own
export PKG_CONFIG_PATH=$(dirname "$pc")
if ! grep -q asan <<<"$(nm "$archive")"; then
    # shellcheck disable=SC2046
    gcc -std=c17 -Wall -Werror "$TOCSIN_SOURCE/clients/libtocsin/example.c" -o example $(pkg-config --cflags --libs tocsin)
    LD_LIBRARY_PATH=$(dirname "$archive") ./example --version >/dev/null || fail "the example against the installed library does not run"
    lib=$(dirname "$archive")
    [ "$(objdump -p "$lib/libtocsin.so" | awk '$1 == "SONAME" { print $2 }')" = libtocsin.so.0 ] || fail "the soname is another one"
    grep -q 'NEEDED.*libtocsin.so.0' <<<"$(objdump -p example)" || fail "the example does not use the shared library"
    strangers=$(nm -D --defined-only "$lib/libtocsin.so" | awk '$3 !~ /^(tocsin_[a-z_]*@@)?TOCSIN_0.1$/ { print $3 }')
    [ -z "$strangers" ] || fail "the shared library shows names that are not its own, or have no version: $strangers"
    # shellcheck disable=SC2046
    gcc -std=c17 "$TOCSIN_SOURCE/clients/libtocsin/example.c" "$archive" -o static-example $(pkg-config --cflags tocsin) $(pkg-config --libs libsodium) -lm
    ./static-example --version >/dev/null || fail "the example against the archive does not run"
    # as a stranger's project would find it
    mkdir foreign
    cat >foreign/CMakeLists.txt <<'TXT'
cmake_minimum_required(VERSION 3.16)
project(bell C)
find_package(tocsin 0.1 REQUIRED)
add_executable(shared example.c)
target_link_libraries(shared PRIVATE tocsin::tocsin)
add_executable(static example.c)
target_link_libraries(static PRIVATE tocsin::static)
TXT
    cp "$TOCSIN_SOURCE/clients/libtocsin/example.c" foreign
    { cmake -S foreign -B foreign/build -DCMAKE_PREFIX_PATH="$stage/usr" && cmake --build foreign/build; } >foreign.log 2>&1 ||
        { cat foreign.log; fail "find_package(tocsin) does not do"; }
    foreign/build/shared --version >/dev/null && foreign/build/static --version >/dev/null || fail "what CMake linked does not run"
    foreign=$(nm -g --defined-only "$archive" | awk 'NF == 3 && $3 !~ /^tocsin_/ { print $3 }')
    [ -z "$foreign" ] || fail "the library shows names that are not its own: $foreign"
fi

# man pages without complaint, units that systemd can read
mandoc -T lint -W warning "$stage"/usr/share/man/man*/*.[1358] || fail "a man page is malformed"
while read -r _ page section _; do
    [ -e "$stage/usr/share/man/man$section/$page.$section" ] || fail "a man page refers to $page($section), which is not there"
done < <(cd "$stage/usr/share/man" && grep -h '^\.Xr tocsin' man*/tocsin*)
if command -v systemd-analyze >/dev/null; then
    for unit in tocsin-beacon tocsin-listen tocsin-listen-drill tocsin-serve; do
        score=$(systemd-analyze security --offline=true --root="$stage" $unit.service --no-pager 2>unit.log |
                sed -n 's/.*Overall exposure level for .*: \([0-9.]*\).*/\1/p')
        [ -n "$score" ] || { cat unit.log; fail "systemd cannot read $unit.service"; }
        awk -v s="$score" 'BEGIN { exit !(s <= 1.5) }' || fail "$unit.service: exposure $score is above 1.5"
        echo "$unit.service: exposure $score"
    done
fi
bash -n "$stage/usr/share/bash-completion/completions/tocsin"

echo "installed"

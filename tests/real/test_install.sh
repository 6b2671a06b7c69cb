#!/usr/bin/env bash
# cmake --install puts everything in place; the packages are sound, and no two own one path.
set -euo pipefail
build=$(dirname "$TOCSIN_BIN")
stage=$PWD/stage
fail() { echo "test_install: $1" >&2; exit 1; }

DESTDIR=$stage cmake --install "$build" --prefix /usr >install.log 2>&1 || { cat install.log; exit 1; }
for file in bin/tocsin bin/tocsin-beacon bin/tocsin-listen include/tocsin.h \
            share/man/man1/tocsin.1 share/man/man3/tocsin.3 share/doc/libtocsin-dev/examples/tocsin.py share/man/man5/tocsin-rules.5 share/man/man5/tocsin-records.5 share/man/man5/tocsin-feeds.5 \
            share/doc/tocsin/events.schema.json share/tocsin/calendars/index.html share/tocsin/calendars/en/all.ics share/doc/tocsin/examples/nginx.conf lib/systemd/system/tocsin-serve.service share/man/man8/tocsin-beacon.8 \
            share/man/man5/tocsin-ticks.5 share/man/man5/tocsin-flight.5 share/man/man7/tocsin-emergency.7 share/doc/libtocsin-dev/tocsin-ticks.5 share/man/man1/tocsin-listen.1 lib/systemd/system/tocsin-beacon.service \
            lib/systemd/system/tocsin-listen.service share/bash-completion/completions/tocsin \
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
if ! nm "$archive" | grep -q asan; then
    # shellcheck disable=SC2046
    gcc -std=c17 -Wall -Werror "$TOCSIN_SOURCE/clients/libtocsin/example.c" -o example $(pkg-config --cflags --libs tocsin)
    LD_LIBRARY_PATH=$(dirname "$archive") ./example --version >/dev/null || fail "the example against the installed library does not run"
    lib=$(dirname "$archive")
    [ "$(objdump -p "$lib/libtocsin.so" | awk '$1 == "SONAME" { print $2 }')" = libtocsin.so.0 ] || fail "the soname is another one"
    objdump -p example | grep -q 'NEEDED.*libtocsin.so.0' || fail "the example does not use the shared library"
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
    for unit in tocsin-beacon tocsin-listen tocsin-serve; do
        score=$(systemd-analyze security --offline=true --root="$stage" $unit.service --no-pager 2>unit.log |
                sed -n 's/.*Overall exposure level for .*: \([0-9.]*\).*/\1/p')
        [ -n "$score" ] || { cat unit.log; fail "systemd cannot read $unit.service"; }
        # the listener reads the kernel's clock and asks for real-time priority
        most=1.5; [ $unit != tocsin-listen ] || most=1.6
        awk -v s="$score" -v m=$most 'BEGIN { exit !(s <= m) }' || fail "$unit.service: exposure $score is above $most"
        echo "$unit.service: exposure $score"
    done
fi
bash -n "$stage/usr/share/bash-completion/completions/tocsin"

# the packages
mkdir packages
cpack --config "$build/CPackConfig.cmake" -G DEB -B "$PWD/packages" >cpack.log 2>&1 || { tail -n 30 cpack.log; exit 1; }
for name in tocsin tocsin-beacon tocsin-listen tocsin-calendars libtocsin0 libtocsin-dev; do
    deb=$(find packages -maxdepth 1 -name "${name}_*.deb")
    [ -n "$deb" ] || fail "no package $name"
    [ "$(dpkg-deb --field "$deb" Package)" = "$name" ] || fail "$deb is not $name"
done
for name in tocsin tocsin-beacon tocsin-listen tocsin-calendars libtocsin0 libtocsin-dev; do
    deb=$(find packages -maxdepth 1 -name "${name}_*.deb")
    dpkg-deb --contents "$deb" >contents
    ! grep -q 'share/man/.*[0-9]$' contents || fail "$name: a manual page is not compressed"
    dpkg-deb --fsys-tarfile "$deb" | tar -xO "./usr/share/doc/$name/$name.spdx" >spdx
    grep -qx "SPDXVersion: SPDX-2.3" spdx && grep -qx "PackageName: $name" spdx || fail "$deb does not say what it is made of"
    for library in $(dpkg-deb --field "$deb" Depends | tr , '\n' | sed -n 's/^ *\(lib[a-z0-9.+-]*\).*/\1/p' | grep -v '^libtocsin'); do
        [ "$name" = libtocsin-dev ] || grep -qx "PackageName: $library" spdx || fail "$name.spdx does not name $library"
    done
    changes=$(dpkg-deb --fsys-tarfile "$deb" | tar -xO "./usr/share/doc/$name/changelog.gz" | zcat)
    dpkg-parsechangelog -l- -S Changes <<<"$changes" | grep "  \* Rules: one readable line" >/dev/null ||
        fail "$name: its changelog does not say what CHANGELOG.md does"
    grep -q "share/doc/$name/changelog.gz" contents && grep -q "share/doc/$name/copyright" contents ||
        fail "$name: no changelog, or no copyright"
    dpkg-deb --fsys-tarfile "$deb" | tar -xO "./usr/share/doc/$name/copyright" | sed -n 1p >notice
    grep -q Copyright notice || fail "$name: no copyright notice"
    if command -v lintian >/dev/null; then
        lintian --allow-root --fail-on error,warning "$deb" || fail "$name: lintian"
    fi
done
[ "$(dpkg-deb --field packages/tocsin_*.deb Depends | grep -c libical)" = 1 ] || fail "tocsin does not depend on libical"
[ "$(dpkg-deb --field packages/tocsin-listen_*.deb Depends | grep -c libical)" = 0 ] || fail "tocsin-listen depends on libical"

root=$PWD/root
mkdir -p "$root/var/lib/dpkg/info" "$root/var/lib/dpkg/updates"
: >"$root/var/lib/dpkg/status"
dpkg_there() { dpkg --root="$root" --log="$PWD/dpkg.log" --force-depends --force-not-root --force-bad-path "$@" >dpkg.out 2>&1 || { cat dpkg.out; exit 1; }; }
# their scripts want a system: test_services_booted.py; here no two of them own one path
dpkg_there --unpack packages/*.deb
grep -q '^root = /etc/tocsin/root.bundle$' "$root/etc/tocsin/listen.conf.dpkg-new" || fail "no /etc/tocsin/listen.conf"
[ -x "$root/usr/bin/tocsin-listen" ] || fail "the package did not install its program"
for script in postinst prerm postrm; do
    for name in tocsin tocsin-beacon tocsin-listen; do
        sh -n "$root/var/lib/dpkg/info/$name.$script" || fail "$name.$script"
    done
done
echo "installed, and six packages made"

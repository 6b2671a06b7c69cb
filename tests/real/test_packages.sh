#!/usr/bin/env bash
# The six Debian packages are made, once for every test that installs them ($TOCSIN_TESTS/packages), and are sound:
# what stands in them, what they depend on, no two of them with one path; to lintian's mind in a deep run.
set -euo pipefail
build=$(dirname "$TOCSIN_BIN")
packages=$TOCSIN_TESTS/packages
names="tocsin tocsin-beacon tocsin-listen tocsin-calendars libtocsin0 libtocsin-dev"
fail() { echo "test_packages: $1" >&2; exit 1; }

rm -rf "$packages"
cpack --config "$build/CPackConfig.cmake" -G DEB -B "$packages" >cpack.log 2>&1 || { tail -n 30 cpack.log; exit 1; }
rm -rf "$packages/_CPack_Packages"
[ "$(find "$packages" -name '*.deb' | wc -l)" = 6 ] || fail "not six packages: $(ls "$packages")"
for name in $names; do
    deb=$(find "$packages" -name "${name}_*.deb")
    [ "$(dpkg-deb --field "$deb" Package)" = "$name" ] || fail "no package $name"
    dpkg-deb --raw-extract "$deb" "$name"
    long=$(find "$name/usr/share/man" -type f -name '*[0-9]' 2>/dev/null || true)
    [ -z "$long" ] || fail "$name: a manual page is not compressed: $long"
    changes=$(zcat "$name/usr/share/doc/$name/changelog.gz")
    dpkg-parsechangelog -l- -S Changes <<<"$changes" | grep "  \* Rules: one readable line" >/dev/null ||
        fail "$name: its changelog does not say what CHANGELOG.md does"
    sed -n 1p "$name/usr/share/doc/$name/copyright" | grep -q Copyright || fail "$name: no copyright notice"
    spdx=$name/usr/share/doc/$name/$name.spdx
    grep -qx "SPDXVersion: SPDX-2.3" "$spdx" && grep -qx "PackageName: $name" "$spdx" || fail "$name does not say what it is made of"
    for library in $(dpkg-deb --field "$deb" Depends | tr , '\n' | sed -n 's/^ *\(lib[a-z0-9.+-]*\).*/\1/p' | grep -v '^libtocsin'); do
        [ "$name" = libtocsin-dev ] || grep -qx "PackageName: $library" "$spdx" || fail "$name.spdx does not name $library"
    done
    for script in postinst prerm postrm; do
        [ ! -e "$name/DEBIAN/$script" ] || sh -n "$name/DEBIAN/$script" || fail "$name.$script"
    done
done
grep -q '^root = /etc/tocsin/root.bundle$' tocsin-listen/etc/tocsin/listen.conf || fail "no /etc/tocsin/listen.conf"
grep -q '^Depends: .*libical' tocsin/DEBIAN/control || fail "tocsin does not depend on libical"
for library in libcurl libmicrohttpd; do # loaded when they are wanted, which the packager's tools do not see
    grep -q "^Depends: .*$library" tocsin/DEBIAN/control || fail "tocsin does not depend on $library"
    ! readelf -d tocsin/usr/bin/tocsin | grep "NEEDED.*$library" || fail "every tocsin waits for $library"
done
! grep -q '^Depends: .*libical' tocsin-listen/DEBIAN/control || fail "tocsin-listen depends on libical"
twice=$(for name in $names; do (cd "$name" && find . -path ./DEBIAN -prune -o ! -type d -print); done | sort | uniq -d)
[ -z "$twice" ] || fail "two packages have the same file: $twice"

if [ "${TOCSIN_DEEP:-}" = 1 ]; then
    command -v lintian >/dev/null || fail "no lintian: tests/packages deep brings it"
    lintian --allow-root --fail-on error,warning "$packages"/*.deb || fail "lintian"
    echo "six packages made, and lintian has nothing to say"
else
    echo "six packages made"
fi

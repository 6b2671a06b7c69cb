#!/usr/bin/env bash
# -DTOCSIN_BUILD=listen (or beacon, or library) builds without the organizers' libraries: their headers and
# pkg-config files are hidden, and what is built asks for none of them. All three in a deep run.
set -euo pipefail
[ "$(id -u)" = 0 ] && unshare --mount true 2>/dev/null || { echo "skipped: no mount namespace here"; exit 77; }
fail() { echo "test_parts: $1" >&2; exit 1; }
organizers="libical erfa libmicrohttpd libqrencode libcurl icu-uc icu-i18n zlib"

hide='
for name in $organizers; do
    for pc in $(find /usr -name "$name.pc"); do mount --bind /dev/null "$pc"; done
done
for header in $(find /usr/include -name erfa.h -o -name microhttpd.h -o -name qrencode.h -o -name zlib.h -o -name ical.h -o -name curl.h -o -name uchar.h -path "*unicode*"); do
    mount --bind /dev/null "$header"
done
'
export organizers
parts=(listen)
[ "${TOCSIN_DEEP:-}" != 1 ] || parts=(listen beacon library)
for part in "${parts[@]}"; do
    unshare --mount bash -euc "$hide
        ! pkg-config --exists libical || exit 9
        cmake -S '$TOCSIN_SOURCE' -B $part -G Ninja -DTOCSIN_BUILD=$part -DCMAKE_BUILD_TYPE=Debug -DCMAKE_C_FLAGS_DEBUG=-O0
        cmake --build $part" >$part.log 2>&1 || { tail -n 20 $part.log; fail "$part does not build by itself"; }
    case $part in
    library)
        [ -s library/libtocsin.a ] || fail "no libtocsin.a"
        asked=$(nm -u library/libtocsin.a | grep -oE ' (ical|icu|era|iau|MHD_|QR|curl_|u_|ucal_)[A-Za-z_]*' || true)
        ;;
    *)
        "$part/bin/tocsin-$part" --version | grep -q "tocsin-$part" || fail "tocsin-$part does not run"
        [ "$(ls $part/bin)" = "tocsin-$part" ] || fail "$part builds more than its program: $(ls $part/bin)"
        asked=$(readelf -d "$part/bin/tocsin-$part" | grep NEEDED | grep -E 'ical|icu|erfa|microhttpd|qrencode|curl|libz' || true)
        ;;
    esac
    [ -z "$asked" ] || fail "$part asks for $asked"
    cpack --config $part/CPackConfig.cmake -G DEB -B "$PWD/$part-deb" >>$part.log 2>&1 || { tail -n 20 $part.log; fail "no package of $part"; }
    packages=1
    [ $part != library ] || packages=2
    [ "$(find $part-deb -maxdepth 1 -name '*.deb' | wc -l)" = $packages ] || fail "$part makes other packages than its own"
done
if cmake -S "$TOCSIN_SOURCE" -B wrong -DTOCSIN_BUILD=bell >wrong.log 2>&1; then fail "there is no part called bell"; fi
grep -q "there is no bell" wrong.log || fail "it is not said that there is no such part"
echo "built by themselves: ${parts[*]}"

#!/usr/bin/env bash
# -DTOCSIN_BUILD=listen (or beacon, or library) builds without the organizers' libraries: their headers and
# pkg-config files are hidden, and what is built asks for none of them.  In a deep run they are compiled so.
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
hidden() { unshare --mount bash -euc "$hide
    ! pkg-config --exists libical || exit 9
    $1"; }
configure="cmake -S '$TOCSIN_SOURCE' -G Ninja -DCMAKE_BUILD_TYPE=Debug -DCMAKE_C_FLAGS_DEBUG=-O0"

# What compiling and linking the part would say is known from the whole build: its objects are there, with the headers that each
# has read, and so is its program, where it is linked of the same archives and libraries.
whole=$(dirname "$TOCSIN_BIN")
linked_of() { ninja -C "$1" -t commands "bin/tocsin-$2" | tail -n 1 | grep -oE '[^ ]+\.(a|o)\b| -l[^ ]+|[^ ]+\.so\b'; }
known_from_whole() { # PART
    hidden "$configure -B $1 -DTOCSIN_BUILD=$1" >"$1.log" 2>&1 || { tail -n 20 "$1.log"; fail "$1 cannot be configured by itself"; }
    sed -n 's/^ *"command": .* -o \([^ ]*\.o\) .*/\1/p' "$1/compile_commands.json" >objects
    [ "$(wc -l <objects)" -gt 50 ] || fail "$1 is made of nothing"
    programs=$(ninja -C "$1" -t targets all | grep -oE '^bin/[^:]+')
    [ "$programs" = "bin/tocsin-$1" ] || fail "$1 builds more than its program: $programs"
    packages=$(sed -n 's/^set(CPACK_COMPONENTS_ALL "\(.*\)")$/\1/p' "$1/CPackConfig.cmake")
    [ "$packages" = "$1" ] || fail "$1 makes other packages than its own: $packages"
    xargs ninja -C "$whole" -t deps <objects >headers
    [ "$(grep -c '#deps' headers)" = "$(wc -l <objects)" ] || fail "the whole build lacks objects of $1: $(grep 'not found' headers)"
    ! grep -E '/(erfa|microhttpd|qrencode|zlib|ical|curl)\.h$|/unicode/uchar\.h$' headers || fail "$1 includes what the organizers need"
    linked_of "$whole" "$1" | grep -q 'libtocsin_.*\.a' || fail "$1 is linked of nothing"
    diff <(linked_of "$1" "$1") <(linked_of "$whole" "$1") || fail "$1 is linked otherwise by itself than where all is built"
    needs_none "$whole/bin/tocsin-$1"
}
needs_none() { # PROGRAM
    asked=$(readelf -d "$1" | grep NEEDED | grep -E 'ical|icu|erfa|microhttpd|qrencode|curl|libz' || true)
    [ -z "$asked" ] || fail "$1 asks for $asked"
}
built_by_itself() { # PART
    hidden "$configure -B $1 -DTOCSIN_BUILD=$1 && cmake --build $1" >"$1.log" 2>&1 || { tail -n 20 "$1.log"; fail "$1 does not build by itself"; }
    case $1 in
    library)
        [ -s library/libtocsin.a ] || fail "no libtocsin.a"
        asked=$(nm -u library/libtocsin.a | grep -oE ' (ical|icu|era|iau|MHD_|QR|curl_|u_|ucal_)[A-Za-z_]*' || true)
        [ -z "$asked" ] || fail "libtocsin.a asks for $asked"
        ;;
    *)
        "$1/bin/tocsin-$1" --version | grep -q "tocsin-$1" || fail "tocsin-$1 does not run"
        [ "$(ls $1/bin)" = "tocsin-$1" ] || fail "$1 builds more than its program: $(ls $1/bin)"
        needs_none "$1/bin/tocsin-$1"
        ;;
    esac
    cpack --config $1/CPackConfig.cmake -G DEB -B "$PWD/$1-deb" >>$1.log 2>&1 || { tail -n 20 $1.log; fail "no package of $1"; }
    packages=1
    [ $1 != library ] || packages=2
    [ "$(find $1-deb -maxdepth 1 -name '*.deb' | wc -l)" = $packages ] || fail "$1 makes other packages than its own"
}
if [ "${TOCSIN_DEEP:-}" = 1 ]; then
    for part in listen beacon library; do built_by_itself $part; done
else
    known_from_whole listen
fi
if cmake -S "$TOCSIN_SOURCE" -B wrong -DTOCSIN_BUILD=bell >wrong.log 2>&1; then fail "there is no part called bell"; fi
grep -q "there is no bell" wrong.log || fail "it is not said that there is no such part"
echo "the parts do without the organizers' libraries"

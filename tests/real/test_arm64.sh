#!/usr/bin/env bash
# Listener, beacon and library for the boards that stand on squares: built by the preset arm64 in a bare Debian of its
# own, as clients/packaging/arm64.cmake says, their unit tests run by qemu, and their packages installed in a Debian of
# arm64, where the listener checks, drills and, led by the beacon, rings. Only with TOCSIN_DEEP=1: a mirror, and half an
# hour.
set -euo pipefail
[ "${TOCSIN_DEEP:-}" = 1 ] || { echo "skipped: only with TOCSIN_DEEP=1"; exit 77; }
command -v systemd-nspawn >/dev/null || { echo "skipped: no systemd-nspawn"; exit 77; }
fail() { echo "test_arm64: $1" >&2; exit 1; }
bare=$("$(dirname "$0")/bare-debian") || exit $?

# A Debian of which nothing is kept: NAME, the folder that it begins as.
lay_over() {
    mkdir "$1"
    mount -t tmpfs tmpfs "$1"
    mkdir "$1"/{up,work,root}
    mount -t overlay overlay -o "lowerdir=$2,upperdir=$PWD/$1/up,workdir=$PWD/$1/work" "$1/root" || { echo "skipped: no overlay here"; exit 77; }
}
within() { # NAME COMMANDS [nspawn's options]
    local name=$1 commands=$2
    shift 2
    systemd-nspawn --quiet --register=no --keep-unit --console=pipe --system-call-filter=@memlock --directory="$PWD/$name/root" \
        "$@" --resolv-conf=copy-host --setenv=DEBIAN_FRONTEND=noninteractive bash -euc "$commands" </dev/null
}
there() { within here "$1" --bind-ro="$TOCSIN_SOURCE:/src"; }
formats=/proc/sys/fs/binfmt_misc
trap '[ ! -e $formats/tocsin-arm64 ] || echo -1 >$formats/tocsin-arm64
      umount -l "$PWD"/{here,board}/root "$PWD"/{here,board} 2>/dev/null' EXIT
lay_over here "$bare"
mkdir here/root/src here/root/build
libraries=$(sed -n 's/^# .*apt-get install //p; s/^#     \(lib.*\)/\1/p' "$TOCSIN_SOURCE/clients/packaging/arm64.cmake" | tr '\n' ' ')
there "dpkg --add-architecture arm64 && apt-get update && apt-get install -y --no-install-recommends \
    cmake ninja-build gcc libc6-dev pkg-config dpkg-dev file tzdata libcmocka-dev:arm64 $libraries" >apt.log 2>&1 ||
    { tail -n 20 apt.log; fail "the packages of arm64 cannot be installed"; }
echo "cross compiler and libraries are there after $SECONDS s"
there "cmake -S /src --preset arm64 -B /build && cmake --build /build" >build.log 2>&1 || { tail -n 30 build.log; fail "it does not build"; }
echo "built after $SECONDS s"
there "ctest --test-dir /build -L '^(unit|property)\$' -j2 --output-on-failure" >unit.log 2>&1 ||
    { grep -A40 -E 'Failed|Timeout' unit.log | head -n 80; fail "unit tests"; }
grep 'tests passed' unit.log
there "cd /build && cpack -G DEB" >cpack.log 2>&1 || { tail -n 20 cpack.log; fail "no packages"; }
for deb in here/root/build/*.deb; do
    [ "$(dpkg-deb --field "$deb" Architecture)" = arm64 ] || fail "$deb is for another processor"
    echo "$(basename "$deb"): $(dpkg-deb --field "$deb" Depends)"
done
[ "$(find here/root/build -maxdepth 1 -name '*.deb' | wc -l)" = 4 ] || fail "not four packages"

# The smallest listener of one's own, with the library that the packages bring.
there "apt-get install -y --no-install-recommends /build/libtocsin*_arm64.deb &&
    aarch64-linux-gnu-gcc /src/clients/libtocsin/example.c -o /build/example \
        \$(PKG_CONFIG_LIBDIR=/usr/lib/aarch64-linux-gnu/pkgconfig pkg-config --cflags --libs tocsin)" >library.log 2>&1 ||
    { tail -n 20 library.log; fail "nothing can be built with the library"; }

# A board: this kernel runs its programs by qemu, whichever of them starts which. But for one that starts itself again:
# for qemu /proc/self/exe is qemu, so the listener's ears end, and it rings without a broker.
[ -e $formats/register ] || mount -t binfmt_misc binfmt_misc $formats || { echo "skipped: no board here, binfmt_misc is not allowed"; exit 77; }
sed "s|^:[^:]*|:tocsin-arm64|; s|:[^:]*:[A-Z]*\$|:$PWD/here/root/usr/bin/qemu-aarch64-static:F|" here/root/usr/lib/binfmt.d/qemu-aarch64.conf >$formats/register
board=$("$(dirname "$0")/bare-debian" arm64) || exit $?
echo "a board is there after $SECONDS s"
lay_over board "$board"
cp here/root/build/{*.deb,example} board/root/root/
within board "apt-get update && apt-get install -y /root/*_arm64.deb" >install.log 2>&1 || { tail -n 20 install.log; fail "the packages cannot be installed"; }
python3 - <<'END'
import time

import stage
c = stage.world.Constellation()
c.window(int(time.time() + stage.ahead(120)), 20)
c.write("board/root/root/minute.bundle")
with open("board/root/etc/tocsin/root.bundle", "wb") as file:
    file.write(c.root)
stage.write_secret(c.beacons[0], "board/root/root/key")
END
cat >board/root/usr/local/bin/ring <<'END'
#!/bin/sh
echo "$(uname -m)$TOCSIN_DRILL" >>/root/rung
END
chmod 755 board/root/usr/local/bin/ring
within board '
    cd /root
    for program in tocsin-listen tocsin-beacon ./example; do $program --version; done
    sed -i "s|^#run = CMD|run = /usr/local/bin/ring|; s|^#broker = URL|broker = mqtt://127.0.0.1:1883|" /etc/tocsin/listen.conf
    tocsin-listen --drill 5s
    mkdir inbox
    cp minute.bundle inbox
    tocsin-beacon --root /etc/tocsin/root.bundle --key key --inbox inbox --store store --state state --embedded-broker --port 1883 &
    beacon=$!
    ./example /etc/tocsin/root.bundle minute.bundle >example.log 2>&1 &
    example=$!
    tocsin-listen --bundle minute.bundle --check
    tocsin-listen --bundle minute.bundle --once
    wait $example
    kill $beacon
    wait $beacon' --private-network >board.log 2>&1 || { tail -n 60 board.log; fail "on the board"; }
grep -vE '^(T[-+]|beacon > tick)' board.log
grep 'A minute of silence: begin' board/root/root/example.log || fail "the library did not tell the beginning"
grep -q 'beacon > tick 10,' board.log || fail "the beacon did not tick"
[ "$(cat board/root/root/rung)" = "aarch641
aarch64" ] || fail "it did not ring"

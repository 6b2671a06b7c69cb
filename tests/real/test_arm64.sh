#!/usr/bin/env bash
# Listener, beacon and library for the boards that stand on squares: built by the preset arm64 in a bare Debian of its
# own, as clients/packaging/arm64.cmake says, their unit tests run by qemu, and their packages installed there. Only
# with TOCSIN_DEEP=1: a mirror, and half an hour.
set -euo pipefail
[ "${TOCSIN_DEEP:-}" = 1 ] || { echo "skipped: only with TOCSIN_DEEP=1"; exit 77; }
command -v systemd-nspawn >/dev/null || { echo "skipped: no systemd-nspawn"; exit 77; }
fail() { echo "test_arm64: $1" >&2; exit 1; }
bare=$("$(dirname "$0")/bare-debian") || exit $?

mkdir here
mount -t tmpfs tmpfs here
trap 'umount -l "$PWD/here/root" "$PWD/here" 2>/dev/null' EXIT
mkdir here/{up,work,root}
mount -t overlay overlay -o "lowerdir=$bare,upperdir=$PWD/here/up,workdir=$PWD/here/work" here/root || { echo "skipped: no overlay here"; exit 77; }
mkdir here/root/src here/root/build
there() {
    systemd-nspawn --quiet --register=no --keep-unit --console=pipe --system-call-filter=@memlock --directory="$PWD/here/root" \
        --bind-ro="$TOCSIN_SOURCE:/src" \
        --resolv-conf=copy-host --setenv=DEBIAN_FRONTEND=noninteractive bash -euc "$1" </dev/null
}
libraries=$(sed -n 's/^# .*apt-get install //p; s/^#     \(lib.*\)/\1/p' "$TOCSIN_SOURCE/clients/packaging/arm64.cmake" | tr '\n' ' ')
there "dpkg --add-architecture arm64 && apt-get update && apt-get install -y --no-install-recommends \
    cmake ninja-build gcc libc6-dev pkg-config dpkg-dev file tzdata libcmocka-dev:arm64 $libraries" >apt.log 2>&1 ||
    { tail -n 20 apt.log; fail "the packages of arm64 cannot be installed"; }
echo "cross compiler and libraries are there after $SECONDS s"
there "cmake -S /src --preset arm64 -B /build && cmake --build /build" >build.log 2>&1 || { tail -n 30 build.log; fail "it does not build"; }
echo "built after $SECONDS s"
there "ctest --test-dir /build -L '^unit\$' --timeout 900 -j2 --output-on-failure" >unit.log 2>&1 ||
    { grep -A40 -E 'Failed|Timeout' unit.log | head -n 80; fail "unit tests"; }
grep 'tests passed' unit.log
there "cd /build && cpack -G DEB" >cpack.log 2>&1 || { tail -n 20 cpack.log; fail "no packages"; }
there "apt-get install -y --no-install-recommends /build/*_arm64.deb &&
    for program in tocsin-listen tocsin-beacon; do qemu-aarch64-static \$(command -v \$program) --version; done" >install.log 2>&1 ||
    { tail -n 20 install.log; fail "the packages cannot be installed, or do not run"; }
tail -n 2 install.log
for deb in here/root/build/*.deb; do
    [ "$(dpkg-deb --field "$deb" Architecture)" = arm64 ] || fail "$deb is for another processor"
    echo "$(basename "$deb"): $(dpkg-deb --field "$deb" Depends)"
done
[ "$(find here/root/build -maxdepth 1 -name '*.deb' | wc -l)" = 4 ] || fail "not four packages"

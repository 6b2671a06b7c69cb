#!/usr/bin/env bash
# The same source, built in two folders of other names, makes the same packages, byte for byte.  Two whole builds: in a
# deep run.
set -euo pipefail
[ "${TOCSIN_DEEP:-}" = 1 ] || { echo "skipped: two whole builds, only with --deep"; exit 77; }
export CCACHE_DISABLE=1 SOURCE_DATE_EPOCH=1795000000
for folder in one "another with a longer name"; do
    mkdir "$folder"
    (cd "$TOCSIN_SOURCE" && git ls-files -z | xargs -0 cp --parents -t "$OLDPWD/$folder") # as it is here, committed or not
    [ ! -d "$TOCSIN_SOURCE/clients/page/node_modules" ] || # what the page is made of was fetched
        cp -r "$TOCSIN_SOURCE/clients/page/node_modules" "$folder/clients/page/"
    cmake -S "$folder" -B "$folder/build" -G Ninja -DCMAKE_BUILD_TYPE=RelWithDebInfo -DCMAKE_INSTALL_PREFIX=/usr -DTOCSIN_TESTS=OFF >log
    cmake --build "$folder/build" >log || { tail -n 30 log; exit 1; }
    (cd "$folder/build" && cpack -G DEB -B packages >log) || { tail -n 30 "$folder/build/log"; exit 1; }
    sleep 2 # the clock goes on
done
count=0
for deb in one/build/packages/*.deb; do
    cmp "$deb" "another with a longer name/build/packages/${deb##*/}"
    count=$((count + 1))
done
[ $count = 6 ] || { echo "not six packages: $count"; exit 1; }
echo "six packages, the same from both folders"

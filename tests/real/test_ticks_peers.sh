#!/usr/bin/env bash
# Three JavaScript COSE verifiers accept every golden tick and answer and refuse every changed one.  They come from
# npm by the lock file of peers/ (npm ci --ignore-scripts there); without them this test is skipped.
set -euo pipefail
peers=$TOCSIN_SOURCE/tests/real/peers
command -v node >/dev/null || { echo "skipped: no node"; exit 77; }
[ -d "$peers/node_modules/@auth0/cose" ] && [ -d "$peers/node_modules/cose-kit" ] && [ -d "$peers/node_modules/cbor-x" ] &&
    [ -d "$peers/node_modules/@noble/hashes" ] ||
    { echo "skipped: npm ci --ignore-scripts in tests/real/peers has not run"; exit 77; }
for library in auth0 cose-kit cbor-x; do
    node "$peers/verify_ticks.mjs" $library "$TOCSIN_SOURCE/tests/golden/ticks/vectors.tsv" \
        "$TOCSIN_SOURCE/tests/golden/ticks/answers.tsv"
done

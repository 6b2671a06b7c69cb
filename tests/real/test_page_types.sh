#!/usr/bin/env bash
# What the modules of the page say of their types in JSDoc is true: TypeScript, exactly as the lock file names it, finds no fault.
set -euo pipefail
cd "$TOCSIN_SOURCE/clients/page"
[ -x node_modules/.bin/tsc ] && command -v node >/dev/null || { echo "skipped: no TypeScript (clients/page/fetch)"; exit 77; }
found=$(node_modules/.bin/tsc --pretty false 2>&1) || true
[ -z "$found" ] || { echo "$found"; exit 1; }

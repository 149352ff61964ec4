#!/usr/bin/env bash
# Tests of the console's modules that need no browser, on node. Closes with "N passed, N failed".
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
told=$(node --test --test-reporter=tap ./*.test.mjs 2>&1)
passed=$(sed -n 's/^# pass //p' <<<"$told")
failed=$(sed -n 's/^# fail //p' <<<"$told")
if [ "${failed:-1}" != 0 ] || [ "${passed:-0}" = 0 ]; then printf '!! %s\n' "$told"; fi
echo "${passed:-0} passed, ${failed:-1} failed"
[ "${failed:-1}" = 0 ]

#!/usr/bin/env bash
# Compares the cost of calls in each pipeline stage with baseline.txt, and fails if a kind of call costs more: any
# increase of allocated bytes, or over 3 % more instructions. A commit that changes the baseline must give a reason.
#   load-tests/stages/run.sh           compares; requires Gateway.Benchmarks, built by .ci/run
#   load-tests/stages/run.sh --write   writes the bytes, and the instructions where the processor counts them
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
baseline=$here/baseline.txt
# Disable tiered compilation, so that each run executes the same code and allocates the same memory.
export DOTNET_TieredCompilation=0
program=(dotnet "$here/../../artifacts/bin/Gateway.Benchmarks/debug/Gateway.Benchmarks.dll" stages)
passed=0 failed=0
pass() { passed=$((passed + 1)); }
fail() { printf '!! %s\n' "$*"; failed=$((failed + 1)); }

# instructions CALLS: of one run, in user mode.
instructions() {
  perf stat -x, -e instructions:u -o "$count" "${program[@]}" --calls "$1" >/dev/null
  awk -F, '/instructions/ { print $1 }' "$count"
}

# Start and compilation are the same in a run of few calls and in one of many, so their difference is that of the calls.
per_call() {
  for _ in 1 2 3 4 5 6 7 8 9; do
    echo $((($(instructions 60000) - $(instructions 10000)) / 50000))
  done | sort -n | sed -n 5p
}

count=$(mktemp)
trap 'rm -f "$count"' EXIT
measured=
if perf stat -x, -e instructions:u -o "$count" true 2>/dev/null && grep -q '^[0-9]*,.*instructions' "$count"; then
  measured=$(per_call)
fi

if [ "${1:-}" = --write ]; then
  "${program[@]}" --write "$baseline"
  if [ -n "$measured" ]; then echo "instructions $measured" >>"$baseline"; fi
  exit
fi

if "${program[@]}" --baseline "$baseline"; then pass; else fail "calls allocate more than before"; fi
# A twentieth more for the kind of call that allocates least must be found.
least=$(awk '$1 != "instructions" { print $2 }' "$baseline" | sort -n | head -1)
if "${program[@]}" --baseline "$baseline" --plant $((least / 20)) >/dev/null; then
  fail "calls that allocate 5 % more pass"
else
  pass
fi

known=$(awk '$1 == "instructions" { print $2 }' "$baseline")
if [ -z "$measured" ]; then
  echo "instructions: not measured, because this machine does not count them"
elif [ -z "$known" ]; then
  echo "instructions: $measured for each call; no baseline"
elif [ $((measured * 100)) -gt $((known * 103)) ]; then
  fail "calls take $measured instructions; the baseline is $known"
else
  pass
fi

printf '%s passed, %s failed\n' "$passed" "$failed"
[ "$failed" = 0 ]

#!/usr/bin/env bash
# Replays every corpus and every past crash, then runs afl-fuzz for SECONDS (60) on each target, over instrumented
# copies of the readers (SharpFuzz). Closes with "N passed, N failed".
#   tests/Gateway.Fuzz/run.sh [SECONDS [TARGET...]]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
seconds=${1:-60}
shift || true
root=$(cd ../.. && pwd)
built="$root/artifacts/bin/Gateway.Fuzz/debug"
work="$root/artifacts/fuzz"
passed=0 failed=0

# It runs under AFL++, which sees coverage through shared memory; .NET has no symbols that it looks for, and needs no
# core dumps, since an exception is what counts as a crash.
export AFL_SKIP_BIN_CHECK=1 AFL_NO_UI=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 AFL_SKIP_CPUFREQ=1 AFL_NO_AFFINITY=1
export AFL_FORKSRV_INIT_TMOUT=60000 DOTNET_TieredPGO=0
input_max=4096 # bytes; longer ones find nothing that these do not
timeout_ms=10000

[ -e "$built/Gateway.Fuzz.dll" ] || dotnet build "$PWD" -v quiet
rm -rf "$work"
mkdir -p "$work"
cp -r "$built" "$work/bin"
dotnet "$built/Gateway.Fuzz.dll" instrument "$work/bin/Gateway.Mcp.dll" "$work/bin/Gateway.Policy.dll"
if [ $# -gt 0 ]; then targets=("$@"); else mapfile -t targets < <(dotnet "$built/Gateway.Fuzz.dll" targets); fi

# count STATUS: of one check.
count() { if [ "$1" = 0 ]; then passed=$((passed + 1)); else failed=$((failed + 1)); fi; }

# stat_of TARGET NAME: one line of what afl-fuzz wrote about its run.
stat_of() { sed -n "s/^$2 *: *//p" "$work/$1/default/fuzzer_stats"; }

for target in "${targets[@]}"; do
  mapfile -t inputs < <(find "corpus/$target" "regressions/$target" -type f -not -name '.*' 2>/dev/null | sort)
  dotnet "$built/Gateway.Fuzz.dll" replay "$target" "${inputs[@]}" && count 0 || count 1
  if [ "$seconds" = 0 ]; then continue; fi
  afl-fuzz -i "corpus/$target" -o "$work/$target" -V "$seconds" -t "$timeout_ms" -m none -G "$input_max" -x tokens.dict \
    -- dotnet "$work/bin/Gateway.Fuzz.dll" fuzz "$target" >"$work/$target.log" 2>&1 </dev/null || true
  if [ ! -e "$work/$target/default/fuzzer_stats" ]; then
    echo "!! $target: afl-fuzz did not run: $(tail -n 20 "$work/$target.log")"
    count 1
    continue
  fi
  mapfile -t found < <(find "$work/$target/default/crashes" -name 'id:*' | sort)
  # On a busy machine a hang may be none: what counts is the processor time that it takes by itself.
  while IFS= read -r file; do
    dotnet "$built/Gateway.Fuzz.dll" replay "$target" "$file" >/dev/null || found+=("$file")
  done < <(find "$work/$target/default/hangs" -name 'id:*' | sort)
  echo "-- $target: $(stat_of "$target" execs_done) inputs, $(stat_of "$target" corpus_count) kept," \
    "$(stat_of "$target" bitmap_cvg) of the map covered, ${#found[@]} crashes or hangs"
  for file in "${found[@]}"; do
    echo "!! $target: $(base64 -w 0 "$file")"
    dotnet "$built/Gateway.Fuzz.dll" replay "$target" "$file" | head -n 12 || true
  done
  # A run without progress would pass whatever the readers do.
  if [ "${#found[@]}" = 0 ] && [ "$(stat_of "$target" execs_done)" -ge 100 ]; then count 0; else count 1; fi
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]

#!/usr/bin/env bash
# Builds both programs without each extension in turn, in a copy of the tree. Closes with "N passed, N failed".
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
git ls-files -z --cached --others --exclude-standard -- . ':!tests' ':!load-tests' |
  xargs -0 cp --parents -t "$copy" --
cd "$copy"

passed=0 failed=0
# check WHAT: counts whether both programs build as the tree is.
check() {
  local program
  for program in Gateway.Server Gateway.Cluster; do
    if dotnet build "src/hosts/$program" -v quiet -nologo -clp:ErrorsOnly; then
      passed=$((passed + 1))
    else
      echo "!! $program does not build $1"
      failed=$((failed + 1))
    fi
  done
}

check "with every extension"
for folder in src/extensions/*/; do
  name=$(basename "$folder")
  mv "$folder" "$copy/removed"
  for list in src/hosts/*/Extensions.cs; do
    cp "$list" "$list.whole"
    sed -i "/new $name\./d" "$list"
  done
  check "without $name"
  for list in src/hosts/*/Extensions.cs; do mv "$list.whole" "$list"; done
  mv "$copy/removed" "$folder"
done
echo "$passed passed, $failed failed"

#!/usr/bin/env bash
# Builds everything without each extension in turn, in a copy of the tree: its folder, its test folder and its entries in
# Extensions.cs are deleted. Closes with "N passed, N failed".
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
git ls-files -z --cached --others --exclude-standard | xargs -0 cp --parents -t "$copy" --
cd "$copy"
git init -q .
git add -A

passed=0 failed=0
# check WHAT: counts whether everything builds as the tree is.
check() {
  if dotnet build Gateway.sln -v quiet -nologo -clp:ErrorsOnly; then
    passed=$((passed + 1))
  else
    echo "!! Gateway.sln does not build $1"
    failed=$((failed + 1))
  fi
}

check "with every extension"
for folder in src/extensions/*/; do
  name=$(basename "$folder")
  tests="${name/Storage./}.Tests"
  rm -rf "$folder" "tests/$tests"
  sed -i "/new $name\./d" src/hosts/*/Extensions.cs
  dotnet sln Gateway.sln remove "$folder$name.csproj" "tests/$tests/$tests.csproj" >/dev/null
  check "without $name"
  git checkout -q -- .
done
echo "$passed passed, $failed failed"

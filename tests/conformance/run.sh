#!/usr/bin/env bash
# Runs the official conformance suite directly and through the gateway, which must be built (dotnet build Local.slnf).
# GATEWAY_DLL names another gateway; CONFORMANCE_VERBOSE=1 shows what the servers say.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
if [ ! -d node_modules ]; then npm ci --no-audit --no-fund --loglevel=error; fi
node=node_modules/node/bin/node
if [ ! -x "$node" ]; then node=node; fi
exec "$node" run.js "$@"

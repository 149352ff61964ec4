#!/usr/bin/env bash
# Compares MCP servers of npm directly and through the gateway, which must be built (dotnet build Local.slnf).
# --short takes those whose packages tests/interop has; names take only these; GATEWAY_DLL names another gateway.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
packages=(.. ../../conformance)
if [ "${1:-}" != --short ]; then packages+=(.); fi
for folder in "${packages[@]}"; do
  if [ -d "$folder/node_modules" ]; then continue; fi
  (cd "$folder" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error)
done
node=../../conformance/node_modules/node/bin/node
if [ ! -x "$node" ]; then node=node; fi
# The servers have dummy keys, and some a shell: a network of their own keeps all of them on this machine.
if [ "$(id -u)" = 0 ] && command -v ip >/dev/null && unshare -n true 2>/dev/null; then
  exec unshare -n bash -c 'ip link set lo up && exec "$@"' run.sh "$node" run.js "$@"
fi
exec "$node" run.js "$@"

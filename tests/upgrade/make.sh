#!/usr/bin/env bash
# Writes what an operator of some version leaves behind, for the upgrade tests: a data directory with servers, grants,
# a policy, counts (of versions before 39b6368 without a bucket and values), approvals, a session and a record; of versions
# that know operators one with a password, a browser and a client that signed in, and checkpoints of the record.
#   tests/upgrade/make.sh GATEWAY FOLDER [STORE]   GATEWAY: that version's executable; FOLDER: receives data.tar.gz,
#   kept.json and metrics.txt, the families and names of labels that Prometheus reads
# With STORE, a PostgreSQL URL, what is kept is in that database: dump it with pg_dump afterwards.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
gateway=$1 folder=$2 store=${3:-}
work=$(mktemp -d)
pids=()
trap 'kill "${pids[@]}" 2>/dev/null || true; rm -rf "$work"' EXIT
mkdir -p "$folder"

port=${PORT:-18733} upstream=${UPSTREAM_PORT:-18734}
node "$here/server.mjs" $upstream >/dev/null & pids+=($!)
export GATEWAY_URL=http://127.0.0.1:$port GATEWAY_ADMIN_KEY=the-admin-key-of-the-version-before
password="correct horse battery staple" oauth=
if "$gateway" operator --help >/dev/null 2>&1; then oauth=", \"oauth\": { \"issuer\": \"$GATEWAY_URL\" }"; fi
printf '{ "admin": { "key": "%s" }%s }\n' "$GATEWAY_ADMIN_KEY" "$oauth" >"$work/gateway.json"
"$gateway" run --config "$work/gateway.json" --data "$work/data" --listen "$GATEWAY_URL" ${store:+--store "$store"} \
  >"$work/log" 2>&1 & running=$!; pids+=($running)
for _ in $(seq 150); do curl -sf "$GATEWAY_URL/readyz" >/dev/null && break; sleep 0.2; done

"$gateway" server add crm "http://127.0.0.1:$upstream/mcp" --header "Authorization: Bearer the-credential-of-the-server" >/dev/null
"$gateway" policy set support "$here/policy.json" >/dev/null
token() { "$gateway" grant create "$1" --server crm=support --json | sed -n 's/.*"token": *"\([^"]*\)".*/\1/p'; }
bot=$(token support-bot) paused=$(token paused-bot) revoked=$(token revoked-bot)

# post TOKEN BODY [HEADER...]: one message of an agent; prints headers and body.
post() {
  local token=$1 body=$2; shift 2
  curl -si "$GATEWAY_URL/mcp/crm" -H "Authorization: Bearer $token" -H "Content-Type: application/json" \
    -H "Accept: application/json, text/event-stream" "$@" -d "$body"
}
call() { printf '{"jsonrpc":"2.0","id":%s,"method":"tools/call","params":{"name":"%s","arguments":%s}}' "$1" "$2" "$3"; }

session=$(post "$bot" '{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"kept","version":"1"}}}' |
  tr -d '\r' | sed -n 's/^[Mm]cp-[Ss]ession-[Ii]d: //p')
inside=(-H "Mcp-Session-Id: $session" -H "MCP-Protocol-Version: 2025-06-18")
for id in 1 2 3; do post "$bot" "$(call $id send_message '{"to":"anna"}')" "${inside[@]}" | grep -q 'did send_message'; done
for id in 1 2 3; do post "$bot" "$(call $id drip '{}')" "${inside[@]}" | grep -q 'did drip'; done
for to in ann ann bob; do post "$bot" "$(call 1 write_to "{\"to\":\"$to\"}")" "${inside[@]}" | grep -q 'did write_to'; done
post "$bot" "$(call 4 drop_everything '{}')" "${inside[@]}" | grep -q 'Policy violation'

# One approval answered and not used, one used, one that still waits.
for amount in 10.50 20.25 30.00; do post "$bot" "$(call 5 pay "{\"amount\":$amount}")" "${inside[@]}" >"$work/ask-$amount"; done
approval() { sed -n 's/.*"approvalId":"\([^"]*\)".*/\1/p' "$work/ask-$1"; }
"$gateway" approvals approve "$(approval 10.50)" --by anna >/dev/null
"$gateway" approvals approve "$(approval 20.25)" --by anna >/dev/null
post "$bot" "$(call 6 pay '{"amount":20.25}')" "${inside[@]}" | grep -q 'did pay'

"$gateway" grant pause paused-bot >/dev/null
"$gateway" grant revoke revoked-bot >/dev/null 2>&1 || "$gateway" grant revoke revoked-bot --yes >/dev/null

signed='{}'
if [ -n "$oauth" ]; then
  printf '%s\n' "$password" | "$gateway" operator create ana --role editor --password >/dev/null
  signed=$(node "$here/sign-in.mjs" "$GATEWAY_URL" ana "$password")
fi

# Each family with its type, and each series with the names of its labels.
curl -sf "$GATEWAY_URL/metrics" | grep -v '^# HELP\|^# EOF' |
  sed -E '/^#/!{s/="([^"\\]|\\.)*"//g; s/^([^ {]+)(\{[^}]*\})?.*/\1\2/; s/\{\}$//}' | LC_ALL=C sort -u >"$folder/metrics.txt"

kill "$running"; wait "$running" 2>/dev/null || true
# It was stopped in order: what a crash may waste would make the counts differ from run to run.
jq -n --arg made "$(date -u +%Y-%m-%dT%H:%M:%SZ)" --arg key "$GATEWAY_ADMIN_KEY" --arg bot "$bot" --arg paused "$paused" \
  --arg revoked "$revoked" --arg session "$session" --arg approved "$(approval 10.50)" --arg used "$(approval 20.25)" \
  --arg waiting "$(approval 30.00)" --arg upstream "$upstream" --argjson signed "$signed" --arg password "$password" \
  '$ARGS.named | del(.signed) + $signed' >"$folder/kept.json"
tar -C "$work" --numeric-owner --owner=0 --group=0 -czf "$folder/data.tar.gz" data
echo "wrote $folder: $(du -h "$folder/data.tar.gz" | cut -f1)"

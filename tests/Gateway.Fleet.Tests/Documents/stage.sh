# What the commands of the pages for users presume, for DocumentedCommandTests. before_PAGE_N runs before the Nth block of a page that
# is run. The test replaces addresses and folders here as it does in the documents.
# shellcheck shell=bash disable=SC2034

failed=   # "STATUS: COMMAND" of each command of a block that failed
may_fail= # a pattern of those that fail on the stage, and rightly so
trap 'note_failure $?' ERR
note_failure() {
  local failure="$1: $BASH_COMMAND"
  [[ $BASH_COMMAND != 'command gateway '* ]] || failure="$1: $typed"
  # shellcheck disable=SC2053
  [[ -n $may_fail && $failure == $may_fail ]] || failed="$failed [$failure]"
}
PASSWORD='correct horse battery staple'

# block LANGUAGE N: prints the Nth block of the page in a language, indented or not.
block() {
  awk -v fence="\`\`\`$1" -v wanted="$2" '
    { text = $0; sub(/^ +/, "", text) }
    isOpen && text == "```" { exit }
    isOpen { print }
    text == fence { isOpen = ++n == wanted }' "$PAGE"
}

# at_server LANGUAGE N: such a block, with the address of the test's server.
at_server() { block "$@" | sed "s,http://[0-9.]*:9000/mcp,$SERVER_URL,"; }

# gateway: the program; "run" in the background, a password where one is asked for.
gateway() {
  typed="gateway $*"
  case $1 in
    run) shift; start "$@" ;;
    login) command gateway "$@" <<<"$PASSWORD" ;;
    stdio) printf '%s\n' '{"jsonrpc":"2.0","id":1,"method":"tools/list"}' | command gateway "$@" | grep -q '"id":1' ;;
    *)
      case " $* " in
        *" --password "*) command gateway "$@" <<<"$PASSWORD" ;;
        *) command gateway "$@" </dev/null ;;
      esac
      ;;
  esac
}

# start ARGUMENT...: "gateway run" in place of the one that runs, until it is ready.
start() {
  local arguments=() argument url=$GATEWAY_URL
  stop
  for argument; do [[ $argument == ... ]] || arguments+=("$argument"); done
  if [[ " $* " == *" --listen "* ]]; then
    url=$(printf '%s\n' "$@" | grep -A 1 -x -e --listen | tail -n 1)
  else
    arguments+=(--listen "$url")
  fi
  command gateway run "${arguments[@]}" >>gateway.log 2>&1 </dev/null &
  GATEWAY=$!
  until curl -skf "$url/readyz" >/dev/null; do
    kill -0 $GATEWAY || { tail -n 20 gateway.log; return 1; }
    sleep 0.2
  done
  : "${GATEWAY_ADMIN_KEY:=$(grep -o 'pgwadm_[A-Za-z0-9_-]*' gateway.log | head -n 1)}"
  export GATEWAY_ADMIN_KEY
}

stop() {
  if [[ -n ${GATEWAY-} ]]; then
    kill $GATEWAY
    wait $GATEWAY || true
    GATEWAY=
  fi
}

# api METHOD PATH ARGUMENT...: a request of the administrator.
api() {
  curl -sSf -X "$1" "$GATEWAY_URL/api/v1/$2" -H "Authorization: Bearer $GATEWAY_ADMIN_KEY" -H 'If-Match: *' "${@:3}" >/dev/null
}

# support: a running gateway with a server, a policy and a grant.
support() {
  printf '%s\n' '{ "version": "1", "default": "deny", "tools": { "send_message": {} } }' >support.json
  gateway run
  gateway server add crm "$SERVER_URL"
  gateway policy set support support.json
  gateway grant create support-bot --server crm=support >created
  TOKEN=$(grep -o 'pgw_[A-Za-z0-9_-]*' created | head -n 1)
}

before_acquire_1() {
  block json 1 >gateway.json
  gateway run --config gateway.json --acquire-listen http://127.0.0.1:8082
}

before_acquire_2() {
  GATEWAY_KEY=$(gateway key create request --operator billing | grep -o 'pgo_[A-Za-z0-9_-]*' | head -n 1)
}

before_acquire_3() { may_fail='1: *rate_limited'; } # there is none

before_clients_1() {
  support
  GATEWAY_TOKEN=$TOKEN
}

before_configuration_1() {
  mkdir gateway.d gateway.d/policies
  block json 1 | sed "s,https://crm.internal/mcp,$SERVER_URL," >gateway.d/support.json
  printf '%s\n' '{ "version": "1", "default": "deny" }' >gateway.d/policies/support.json
  export CRM_TOKEN=the-servers-own-token
  gateway run
  may_fail='1: *--dry-run' # something would change
}

before_evidence_1() { may_fail='4: *audit verify*'; } # no record was written yet

before_storage_1() {
  support
  printf '%s\n' "$PASSWORD" >passphrase.txt
}

before_storage_2() {
  stop
  openssl rand -base64 32 >backup.key
  start --store postgres://gateway@db/gateway --data /var/lib/policy-gateway
}

before_storage_3() { stop; }

before_storage_4() {
  mkdir old
  mv .gateway old/
  psql -qX "$DATABASE_URL" -c 'DROP SCHEMA gateway CASCADE'
  mv data old/data
}

before_storage_5() {
  psql -qX "$DATABASE_URL" -c 'DROP SCHEMA gateway CASCADE'
  rm -rf data
  start --data /var/lib/policy-gateway
  stop
}

before_operations_1() {
  printf '{}' >gateway.json
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost -keyout tls.key -out tls.crt 2>/dev/null
}

before_operations_2() { start; }

before_monitoring_1() { start; }

before_operators_1() { gateway run; }

# "On their own machine": only what login and the first block name is known there.
before_operators_2() { unset GATEWAY_URL GATEWAY_ADMIN_KEY; }

before_operators_3() { gateway login ana --gateway https://gateway.internal:9090 --as prod; }

before_operators_4() {
  GATEWAY_URL=https://gateway.internal:9090
  support
  for number in $(seq 45); do
    api PUT policies/support -H 'Content-Type: application/json' \
      -d '{ "version": "1", "default": "deny", "tools": { "send_message": { "limits": [ { "counter": "messages", "window": "hour", "max": '"$number"' } ] } } }'
  done
}

before_operators_5() {
  gateway server add old-crm "$SERVER_URL"
  KEY=$GATEWAY_ADMIN_KEY
}

before_policy_1() {
  support
  cp support.json support.new.json
  may_fail='1: *verdicts*' # no call was made
}

before_README_1() {
  block json 1 >gateway.json
  block json 2 >support.json
}

before_first_refusal_1() {
  block json 1 >support.json
  at_server json 2 >gateway.json
}

before_approvals_1() {
  block json 1 >forms.json
  eval "$(PAGE=${PAGE%/*}/first-refusal.md block console 2 | sed -n 's/^[$>] //p' | sed '/^}/q')" # its function "call"
  printf '{ "servers": { "crm": { "url": "%s" } } }' "$SERVER_URL" >gateway.json
  gateway run --config gateway.json
}

# The page starts two gateways and signals them, so they are started as they are.
before_postgresql_fleet_1() {
  at_server json 1 >gateway.json
  unset -f gateway
}

before_rate_limit_service_1() { block yaml 1 >limits.yaml; }

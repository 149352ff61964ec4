#!/bin/sh
# A small MCP server on standard input and output, for the tests. It starts in about a millisecond, knows both eras, and
# misbehaves on request: the tool's name says how. With $RECORD every line that it reads is written there: the ground
# truth of what reached a server. With $PIDS it writes its process id, and that of what it forks.

text() { # id, text
  printf '{"jsonrpc":"2.0","id":%s,"result":{"resultType":"complete","content":[{"type":"text","text":"%s"}]}}\n' "$1" "$2"
}

call() { # id, tool
  case $2 in
    echo) text "$1" "echo $$" ;;
    environment) text "$1" "$(env | sed 's/=.*//' | sort | tr '\n' ' ')$PWD" ;;
    self) text "$1" "$(id -u):$(id -g) files $(ulimit -n) cpu $(ulimit -t) size $(ulimit -f) home $HOME" ;;
    arguments) text "$1" "$arguments" ;;
    large) text "$1" "$(head -c "${LARGE:-100000}" /dev/zero | tr '\0' x)" ;;
    flood) while :; do printf 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'; done ;;
    chatter)
      data=$(head -c 4000 /dev/zero | tr '\0' x)
      while printf '{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":"%s"}}\n' "$data"; do
        [ -n "$RECORD" ] && printf . >> "$RECORD.chatter"
      done ;;
    complain) i=0; while [ $i -lt 500 ]; do echo "complaint $i" >&2; i=$((i + 1)); done; text "$1" complained ;;
    hang) ;;
    deaf) while :; do sleep 1000; done ;;
    die) exit 3 ;;
    vanish) kill -9 $$ ;;
    late) text "$1" "last words"; exit 0 ;;
    half) printf '{"jsonrpc":"2.0","id":%s,"res' "$1"; exit 0 ;;
    binary) head -c 3000 /dev/urandom; printf '\n\n{"half\n{"jsonrpc":"2.0","id":%s,"result":{},"Result":1}\n[]\n' "$1"
      printf '{"jsonrpc":"2.0","id":"nobody","result":{}}\n'; text "$1" sober ;;
    fork) sleep 1000 & [ -n "$PIDS" ] && echo $! >> "$PIDS"; text "$1" forked ;;
    progress)
      token=${line#*\"progressToken\":}; token=${token%%[,\}]*}
      printf '{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":%s,"progress":1}}\n' "$token"
      text "$1" progressed ;;
    ask) asker=$1
      printf '{"jsonrpc":"2.0","id":"q1","method":"elicitation/create","params":{"message":"Sure?","requestedSchema":{}}}\n' ;;
    change) text "$1" changed; printf '{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}\n' ;;
    *) text "$1" "no such tool" ;;
  esac
}

answer() {
  case $method in
    initialize)
      printf '{"jsonrpc":"2.0","id":%s,"result":{"protocolVersion":"2025-11-25","capabilities":{"tools":{"listChanged":true}},"serverInfo":{"name":"child","version":"1"}}}\n' "$id" ;;
    server/discover)
      printf '{"jsonrpc":"2.0","id":%s,"result":{"resultType":"complete","supportedVersions":["2026-07-28"],"capabilities":{"tools":{}},"serverInfo":{"name":"child","version":"1"},"_meta":{"io.modelcontextprotocol/serverInfo":{"name":"child","version":"1"}},"ttlMs":0,"cacheScope":"public"}}\n' "$id" ;;
    tools/list)
      printf '{"jsonrpc":"2.0","id":%s,"result":{"resultType":"complete","tools":[{"name":"echo","inputSchema":{"type":"object"}},{"name":"die","inputSchema":{"type":"object"}},{"name":"hidden","inputSchema":{"type":"object"}}],"ttlMs":0,"cacheScope":"public"}}\n' "$id" ;;
    subscriptions/listen)
      printf '{"jsonrpc":"2.0","method":"notifications/subscriptions/acknowledged","params":{"notifications":{},"_meta":{"io.modelcontextprotocol/subscriptionId":%s}}}\n' "$id" ;;
    tools/call) name=${line#*\"name\":\"}; call "$id" "${name%%\"*}" ;;
    *) printf '{"jsonrpc":"2.0","id":%s,"error":{"code":-32601,"message":"Method not found"}}\n' "$id" ;;
  esac
}

arguments=$*
[ -n "$PIDS" ] && echo $$ >> "$PIDS"
case $1 in
  ignores-term) trap '' TERM ;;
  fails-at-start) echo "no configuration" >&2; exit 7 ;;
esac
while IFS= read -r line || [ "$1" = ignores-term ]; do
  [ -n "$RECORD" ] && printf '%s\n' "$line" >> "$RECORD"
  case $line in *'"id":'*) id=${line#*\"id\":}; id=${id%%[,\}]*} ;; *) id= ;; esac
  case $line in
    *'"method":'*) method=${line#*\"method\":\"}; method=${method%%\"*}; [ -n "$id" ] && answer ;;
    '') sleep 1 ;;
    *) [ -n "$asker" ] && text "$asker" "answered" ;;
  esac
done

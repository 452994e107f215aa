#!/usr/bin/env bash
# Runs the suites of every database against three real nodes of rqlite in one cluster, where rqlited is installed; a node is stopped and started
# again in between.
set -euo pipefail
cd "$(dirname "$0")/.."
command -v rqlited > /dev/null || { echo "rqlited is not installed: nothing to run" >&2; exit 77; }
folder=$(mktemp -d /tmp/kv-system-XXXXXX)
pids=()
end() {
  kill "${pids[@]}" 2> /dev/null || true
  rm -rf "$folder"
}
trap end EXIT
base=$((20000 + RANDOM % 10000))
nodes=$(for n in 0 1 2; do printf '127.0.0.1:%d,' $((base + 10 * n + 1)); done)
start() {
  rqlited -node-id "$1" -http-addr "127.0.0.1:$((base + 10 * $1))" -raft-addr "127.0.0.1:$((base + 10 * $1 + 1))" \
    -bootstrap-expect 3 -join "${nodes%,}" "$folder/$1" > "$folder/$1.log" 2>&1 &
  pids[$1]=$!
}
for n in 0 1 2; do start $n; done
for n in 0 1 2; do
  until curl -sf "http://127.0.0.1:$((base + 10 * n))/readyz" > /dev/null; do
    sleep 0.2
    kill -0 "${pids[$n]}" || { cat "$folder/$n.log"; exit 1; }
  done
done
swift build --build-tests
export KV_TEST_RQLITE="http://127.0.0.1:$base,127.0.0.1:$((base + 10)),127.0.0.1:$((base + 20))"
run() { swift test --skip-build --no-parallel --filter "$1" 2>&1; }
run '^ConformanceTests\.'
kill -9 "${pids[2]}"
run '^ConformanceTests\.(StoreTests|StreamTests)'
start 2
run '^KVGraphTests\.(ImportTests|PathTests)'

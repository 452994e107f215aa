#!/usr/bin/env bash
# Installs what the tests need, builds, and runs them all: a crash test of 20 seconds, a fuzz test of 15, then the suites, on
# SQLite, on a PostgreSQL of their own (direct and through PgBouncer) or the one that KV_TEST_POSTGRES names, and on a
# stand-in for rqlite. Where KV_TEST_RQLITE names
# a real one, whose contents go, or rqlited is installed, the suites that every database must pass run on that as well.
set -euo pipefail
cd "$(dirname "$0")/.."
samples/install.sh fonts-dejavu-core sqlite3 socat openssl tzdata
folder=$(mktemp -d /tmp/kv-servers-XXXXXX)
chmod 755 "$folder"
end() {
  [ ! -e "$folder/postgres" ] || Tests/postgres.sh stop "$folder/postgres" || true
  [ -z "${rqlited:-}" ] || kill "$rqlited" || true
  rm -rf "$folder"
}
trap end EXIT
if [ -z "${KV_TEST_POSTGRES:-}" ]; then
  samples/install.sh postgresql locales pgbouncer
  KV_TEST_POSTGRES=$(Tests/postgres.sh start "$folder/postgres")
  KV_TEST_PGBOUNCER=$(Tests/postgres.sh pool "$folder/postgres")
  export KV_TEST_POSTGRES KV_TEST_PGBOUNCER
fi
rqlite=${KV_TEST_RQLITE:-}
unset KV_TEST_RQLITE
if [ -z "$rqlite" ] && [ -n "$(command -v rqlited)" ]; then
  port=$((20000 + RANDOM % 10000))
  rqlited -http-addr "127.0.0.1:$port" -raft-addr "127.0.0.1:$((port + 1))" "$folder/rqlite" > "$folder/rqlite.log" 2>&1 &
  rqlited=$!
  rqlite=http://127.0.0.1:$port
fi
swift build --build-tests
bin=$(swift build --show-bin-path)
"$bin/CrashTest" 20 "$bin/kv"
# Unoptimised, and perhaps beside other work.
KV_FUZZ_SECONDS=100 "$bin/Fuzz" 15 "$bin/kv"
if [ -n "$rqlite" ]; then
  # One after the other, for they share its one database.
  KV_TEST_RQLITE=$rqlite swift test --skip-build --no-parallel \
    --filter '^(ConformanceTests|KVGraphTests)\.|sameAnswersOnRqlite' 2>&1
fi
echo "PostgreSQL at $(sed 's|//.*@|//|; s|password=[^&]*||' <<< "$KV_TEST_POSTGRES")" \
  "$([ -z "${KV_TEST_PGBOUNCER:-}" ] && echo "without PgBouncer" || echo "and through PgBouncer")"
echo "rqlite: a stand-in over SQLite$([ -z "$rqlite" ] || echo ", and above the server at $(sed 's|//.*@|//|; s|?.*||' <<< "$rqlite")")"
swift test --skip-build 2>&1

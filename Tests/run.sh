#!/usr/bin/env bash
# Installs what the tests need, builds, and runs them all: a crash test of 20 seconds, then the suites, on SQLite and on
# a PostgreSQL of their own, or the one that KV_TEST_POSTGRES names.
set -euo pipefail
cd "$(dirname "$0")/.."
samples/install.sh pkg-config libsqlite3-dev libpq-dev libgraphviz-dev fonts-dejavu-core sqlite3
if [ -z "${KV_TEST_POSTGRES:-}" ]; then
  samples/install.sh postgresql locales
  cluster=$(mktemp -d /tmp/kv-postgres-XXXXXX)
  chmod 755 "$cluster"
  trap 'Tests/postgres.sh stop "$cluster" || true; rm -rf "$cluster"' EXIT
  KV_TEST_POSTGRES=$(Tests/postgres.sh start "$cluster")
  export KV_TEST_POSTGRES
fi
echo "PostgreSQL at $(sed 's|//.*@|//|; s|password=[^&]*||' <<< "$KV_TEST_POSTGRES")"
swift build --build-tests
bin=$(swift build --show-bin-path)
"$bin/CrashTest" 20 "$bin/kv"
swift test --skip-build 2>&1

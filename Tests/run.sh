#!/usr/bin/env bash
# Installs what the tests need, builds, and runs them all: a crash test of 20 seconds, then the suites.
set -euo pipefail
cd "$(dirname "$0")/.."
samples/install.sh pkg-config libsqlite3-dev libgraphviz-dev fonts-dejavu-core sqlite3
swift build --build-tests
bin=$(swift build --show-bin-path)
"$bin/CrashTest" 20 "$bin/kv"
swift test --skip-build 2>&1

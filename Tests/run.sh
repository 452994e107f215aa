#!/usr/bin/env bash
# Installs what the tests need, builds, and runs them all.
set -euo pipefail
cd "$(dirname "$0")/.."
samples/install.sh pkg-config libsqlite3-dev libgraphviz-dev fonts-dejavu-core sqlite3
swift build --build-tests
swift test --skip-build 2>&1

#!/usr/bin/env bash
# Compares the public declarations with those of the last release: the newest version of CHANGELOG.md that is a tag. Fails where a program
# that was built with it could not be built any more.
set -euo pipefail
cd "$(dirname "$0")/.."
for version in $(sed -n 's/^## \([0-9][0-9.]*\).*/\1/p' CHANGELOG.md); do
  git rev-parse -q --verify "refs/tags/$version" > /dev/null || continue
  exec swift package diagnose-api-breaking-changes "$version" --products KV KVSQL KVSQLite KVPostgres KVRqlite KVGraph KVGraphView KVQuery
done
echo "no release is tagged yet, so there is nothing to compare with"

#!/usr/bin/env bash
# Builds the documentation of every library into a folder (by default a temporary one), without a warning, and fails where a public
# declaration has none.
set -euo pipefail
cd "$(dirname "$0")/.."
out=${1:-$(mktemp -d /tmp/kv-docs-XXXXXX)}
mkdir -p "$out"
[ $# -gt 0 ] || trap 'rm -rf "$out"' EXIT
# It fails for test targets that are not built; what counts is whether the libraries' graphs are there.
swift package dump-symbol-graph --skip-synthesized-members --minimum-access-level public > "$out/symbols.log" 2>&1 || true
graphs=$(sed -n 's/^Files written to //p' "$out/symbols.log")
docc=$(command -v docc || xcrun --find docc)
for module in KV KVSQL KVSQLite KVPostgres KVRqlite KVGraph KVGraphView KVQuery; do
  mkdir -p "$out/$module"
  [ -e "$graphs/$module.symbols.json" ] || { cat "$out/symbols.log"; exit 1; }
  cp "$graphs/$module.symbols.json" "$out/$module"
  cp "$graphs/$module"@*.symbols.json "$out/$module" 2> /dev/null || true
  "$docc" convert "Sources/$module/$module.docc" --additional-symbol-graph-dir "$out/$module" --warnings-as-errors \
    --fallback-display-name "$module" --fallback-bundle-identifier "kv.$module" --output-path "$out/$module.doccarchive" \
    > "$out/$module.log" 2>&1 || { cat "$out/$module.log"; exit 1; }
done
Tests/undocumented.py "$out"

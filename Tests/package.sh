#!/usr/bin/env bash
# Depends on the libraries as a stranger would: a package of its own, by a version, with the code of each article of the documentation as a
# program. Builds it without a warning and runs it. Takes what is committed.
set -euo pipefail
cd "$(dirname "$0")/.."
version=$(sed -n 's/^let version = "\(.*\)"$/\1/p' Sources/KVCommand/Version.swift)
folder=$(mktemp -d /tmp/kv-package-XXXXXX)
trap 'rm -rf "$folder"' EXIT
git clone -q . "$folder/kv"
git -C "$folder/kv" tag -f "$version" > /dev/null
mkdir "$folder/reader"
cd "$folder/reader"
cat > Package.swift << END
// swift-tools-version: 6.1
import PackageDescription

let libraries: [Target.Dependency] = [
  "KV", "KVSQL", "KVSQLite", "KVPostgres", "KVRqlite", "KVGraph", "KVGraphView", "KVQuery",
].map { .product(name: \$0, package: "kv") }

let package = Package(
  name: "reader", platforms: [.macOS(.v15)],
  dependencies: [.package(url: "file://$folder/kv", exact: "$version")],
  targets: [
END
programs=()
for article in "$folder"/kv/Sources/*/*.docc/*.md; do
  name=$(basename "$article" .md)
  code=$(awk '/^```swift$/ { inside = 1; next } /^```$/ { inside = 0 } inside' "$article")
  [ -n "$code" ] || continue
  mkdir -p "Sources/$name-article"
  printf '%s\n' "$code" > "Sources/$name-article/main.swift"
  programs+=("$name-article")
  echo "    .executableTarget(name: \"$name-article\", dependencies: libraries, swiftSettings: [.treatAllWarnings(as: .error)])," >> Package.swift
done
mkdir Sources/servers
cat > Sources/servers/main.swift << 'END'
import KVPostgres
import KVRqlite
import KVSQL

// Nobody listens there: what counts is that it compiles, and says so.
for open in [
  { _ = try await PostgresStore(postgres: "postgres://127.0.0.1:1/x?connect_timeout=2") },
  { _ = try await RqliteStore(rqlite: "http://127.0.0.1:1?timeout=1s") },
] as [@Sendable () async throws -> Void] {
  do { try await open() } catch { print(error) }
}
END
echo '    .executableTarget(name: "servers", dependencies: libraries, swiftSettings: [.treatAllWarnings(as: .error)]),' >> Package.swift
printf '  ],\n  swiftLanguageModes: [.v6]\n)\n' >> Package.swift
sed -i 's/tools-version: 6.1/tools-version: 6.2/' Package.swift
swift build > build.log 2>&1 || { cat build.log; exit 1; }
bin=$(swift build --show-bin-path)
for program in "${programs[@]}" servers; do
  echo "$program:"
  "$bin/$program"
done

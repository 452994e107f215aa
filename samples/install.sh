#!/usr/bin/env bash
# Installs with apt-get whichever of the named packages are missing, through sudo where the user is not root; first those
# that kv is compiled with.
set -euo pipefail
missing=()
for package in pkg-config libsqlite3-dev libpq-dev libcurl4-openssl-dev libgraphviz-dev libexpat1-dev "$@"; do
  dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit 0
echo "installing ${missing[*]}" >&2
run=()
[ "$(id -u)" -eq 0 ] || run=(sudo)
"${run[@]}" apt-get update -qq
DEBIAN_FRONTEND=noninteractive "${run[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >&2

#!/usr/bin/env bash
# Writes the dependencies of some Debian packages, as apt knows them on this machine, as JSON Lines:
#   samples/debian-packages.sh > samples/debian-packages.jsonl
set -euo pipefail
packages=(graphviz libgvc6 libcgraph6 libpango-1.0-0 libcairo2 libgd3 libsqlite3-0 sqlite3 libpq5 curl libcurl4 git)
apt-cache depends --recurse --no-recommends --no-suggests --no-conflicts --no-breaks --no-replaces \
  --no-enhances --no-pre-depends "${packages[@]}" |
  awk '
    /^[a-z0-9]/ { from = $1; kept = index(from, ":") ? 0 : 1; next }
    kept && /^ *\|?Depends: [a-z0-9]/ {
      to = $2
      if (!seen[from, to]++) {
        printf "{\"from\":\"Package:%s\",\"to\":\"Package:%s\",\"type\":\"depends\"}\n", from, to
      }
    }' | sort | head -n "${EDGES:-90}"

#!/usr/bin/env bash
# Tests the pages of --format html, and that Mermaid itself shows the diagrams of --format mermaid, in a headless Chromium.
# Installs Debian's Chromium, and takes Mermaid from PyPI.
set -euo pipefail
cd "$(dirname "$0")/.."
samples/install.sh fonts-dejavu-core chromium python3-pip
folder=$(mktemp -d /tmp/kv-browser-XXXXXX)
trap 'rm -rf "$folder"' EXIT
python3 -m pip download --quiet --no-deps --python-version 3.12 --only-binary=:all: --dest "$folder" artoo-mermaid==11.16.0
python3 -m zipfile -e "$folder"/artoo_mermaid-*.whl "$folder/mermaid"
cp "$folder/mermaid/artoo_mermaid/assets/mermaid.min.js" "$folder"
swift build --product BrowserPages
"$(swift build --product BrowserPages --show-bin-path)/BrowserPages" "$folder" output/*.mmd
status=0
for page in "$folder"/*.html; do
  # A browser's sandbox needs rights that a container does not give, and these pages are our own.
  title=$(timeout 120 chromium --headless --no-sandbox --disable-gpu --user-data-dir="$folder/profile" --enable-logging=stderr \
    --virtual-time-budget=600000 --dump-dom "file://$page" 2> "$folder/log" | sed -n 's:.*<title>\([^<]*\)</title>.*:\1:p' | head -1) || true
  echo "$(basename "$page"): ${title:-no title}"
  if [[ $title != passed* ]]; then
    grep -a CONSOLE "$folder/log" | cut -c1-2000 || true
    status=1
  fi
done
exit $status

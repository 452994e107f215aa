#!/usr/bin/env bash
# Draws the pictures of the README into output/:
#   samples/gallery.sh [KV]
set -euo pipefail
kv=$(realpath "$(command -v "${1:-kv}")")
cd "$(dirname "$0")/.."
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir -p output
use() {
  export KV_CONNECTION=$folder/$1.db
  shift
  [ -e "$KV_CONNECTION" ] || "$kv" graph import "$@" > "$folder/log" 2>&1
}

use social samples/social.json
"$kv" graph view -o output/social.dot
for format in png svg pdf html mmd; do
  "$kv" graph view --label '{name}{title}' --title 'Who follows whom, and who wrote what' -o "output/social.$format"
done
"$kv" graph view --theme dark --label '{name}{title}' --title 'The same in the dark' -o output/social-dark.png
"$kv" graph view User alice -o output/alice.png
"$kv" graph find-path User alice Post 3 --label '{name}{title}' -o output/path.png

use places samples/places.json
"$kv" graph view --edge-label '{km} km' --width-by km --title 'Roads and their lengths' -o output/places.png
"$kv" graph find-path City Hamburg City München --weight km --edge-label '{km} km' --theme dark \
  --title 'Hamburg to München by the fewest kilometres' -o output/places-path.png > "$folder/log"

use debian-packages samples/debian-packages.json
"$kv" graph view --group-by section --cluster --size 1400x1900 -o output/debian-packages.png
"$kv" graph view --group-by section --layout sfdp --theme dark --size 1500x1200 \
  --title 'What five Debian packages need' -o output/debian-packages-dark.png
"$kv" graph rank pagerank --top -1 --output json |
  "$kv" graph view --highlight - --layout sfdp --title 'Most needed: by PageRank' --size 1500x1200 -o output/debian-packages-rank.png
"$kv" graph view --group-by section --title 'What five Debian packages need' -o output/debian-packages.html

use contacts samples/contacts-nodes.csv samples/contacts-edges.csv
"$kv" graph find-path Person:ann Person:dia --label '{Label}' --edge-label '{Label}' -o output/contacts-path.png > "$folder/log"

use infrastructure samples/infrastructure.dot --node-type Resource --edge-type needs
"$kv" graph view --label '{label}' --title 'What terraform graph prints' -o output/infrastructure.png

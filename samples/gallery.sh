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

use services samples/services.json
shop=(--label '{id}' --edge-label type --title 'A web shop: what calls, reads and feeds what'
  --shape Database=cylinder --shape Queue=parallelogram --shape Cache=hexagon)
"$kv" graph view "${shop[@]}" -o output/services.png
"$kv" graph view "${shop[@]}" --theme dark -o output/services-dark.png
"$kv" graph view --label '{id}' --group-by tier --cluster --width-by rps --edge-label '{rps}/s' --theme dark -o output/services-tiers.png
"$kv" graph find-path Service:web Service:invoices --label '{id}' --edge-label type -o output/services-path.png > "$folder/log"
"$kv" graph view --label '{id}' --title 'A web shop' -o output/services.html
"$kv" graph view --label '{id}' --cluster -o output/services.md

use social samples/social.json
"$kv" graph view -o output/social.dot
for format in png svg pdf mmd; do
  "$kv" graph view --label '{name}{title}' --title 'Who follows whom, and who wrote what' -o "output/social.$format"
done
"$kv" graph view User alice -o output/alice.png

use places samples/places.json
"$kv" graph view --edge-label '{km} km' --width-by km --title 'Roads and their lengths' -o output/places.png
"$kv" graph find-path City Hamburg City München --weight km --edge-label '{km} km' --theme dark \
  --title 'Hamburg to München by the fewest kilometres' -o output/places-path.png > "$folder/log"

use debian-packages samples/debian-packages.json
title='What five Debian packages need'
"$kv" graph view --reduce --group-by section --title "$title" -o output/debian-packages.png
"$kv" graph view --group-by section --layout force --theme dark --title "$title" -o output/debian-packages-dark.png
"$kv" graph rank pagerank --top -1 --format json |
  "$kv" graph view --highlight - --layout force --title 'Most needed: by PageRank' -o output/debian-packages-rank.png
"$kv" graph view --group-by section --layout force --title "$title" -o output/debian-packages.html

use contacts samples/contacts-nodes.csv samples/contacts-edges.csv
"$kv" graph find-path Person:ann Person:dia --label '{Label}' --edge-label '{Label}' -o output/contacts-path.png > "$folder/log"

use infrastructure samples/infrastructure.dot --node-type Resource --edge-type needs
"$kv" graph view --label '{label}' --title 'What terraform graph prints' -o output/infrastructure.png

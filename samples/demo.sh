#!/usr/bin/env bash
# From a clone to pictures: installs what is missing, builds kv, imports the samples, finds paths and draws.
set -euo pipefail
cd "$(dirname "$0")/.."
samples/install.sh fonts-dejavu-core
swift build -c release --static-swift-stdlib --product kv
kv=$(swift build -c release --static-swift-stdlib --product kv --show-bin-path)/kv
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
for sample in social.json places.json debian-packages.jsonl; do
  "$kv" graph import "samples/$sample" --connection "$folder/${sample%.*}.db"
done
"$kv" graph find-path User alice Post 3 --connection "$folder/social.db"
"$kv" graph find-path City Hamburg City München --connection "$folder/places.db"
"$kv" graph find-path Package git Package libc6 --connection "$folder/debian-packages.db"
mkdir -p output
for name in social places debian-packages; do
  "$kv" graph view --connection "$folder/$name.db" -o "output/$name.png"
  "$kv" graph view --connection "$folder/$name.db" -o "output/$name.svg"
done
"$kv" graph view --connection "$folder/social.db" -o output/social.pdf
"$kv" graph view --connection "$folder/social.db" -o output/social.dot
"$kv" graph view --connection "$folder/social.db" --format mermaid -o output/social.mmd
"$kv" graph view User alice --connection "$folder/social.db" -o output/alice.png
echo "pictures are in output/:" output/*
echo "kv is $kv"

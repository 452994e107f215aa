#!/usr/bin/env bash
# From a clone to pictures: installs what is missing, builds kv, imports the samples, finds paths and draws.
set -euo pipefail
cd "$(dirname "$0")/.."
samples/install.sh fonts-dejavu-core
swift build -c release --static-swift-stdlib --product kv
kv=$(swift build -c release --static-swift-stdlib --product kv --show-bin-path)/kv
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
for sample in social.json places.json debian-packages.json; do
  "$kv" graph import "samples/$sample" --connection "$folder/${sample%.*}.db"
done
"$kv" graph find-path User alice Post 3 --connection "$folder/social.db"
"$kv" graph find-path City Hamburg City München --connection "$folder/places.db"
"$kv" graph find-path Package git Package libc6 --connection "$folder/debian-packages.db"
samples/gallery.sh "$kv"
echo "pictures are in output/:" output/*
echo "kv is $kv"

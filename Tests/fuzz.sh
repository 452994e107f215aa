#!/usr/bin/env bash
# Runs kv with inputs that nobody means for so many seconds (60): Tests/fuzz.sh 600
set -euo pipefail
cd "$(dirname "$0")/.."
samples/install.sh
swift build --product kv
swift build --product Fuzz
bin=$(swift build --show-bin-path)
"$bin/Fuzz" "${1:-60}" "$bin/kv" "${@:2}"

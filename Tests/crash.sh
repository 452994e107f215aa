#!/usr/bin/env bash
# Ends writers at random moments for so many seconds (20), then checks what they left: Tests/crash.sh 600
set -euo pipefail
cd "$(dirname "$0")/.."
samples/install.sh
swift build --product kv
swift build --product CrashTest
bin=$(swift build --show-bin-path)
"$bin/CrashTest" "${1:-20}" "$bin/kv"

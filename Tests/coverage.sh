#!/usr/bin/env bash
# What the tests run of each module, in lines, and the files of which they run the least. Takes PostgreSQL where KV_TEST_POSTGRES names
# one; the program itself runs as a process, which is not counted, so that KVCommand looks emptier than it is.
set -euo pipefail
cd "$(dirname "$0")/.."
swift test --scratch-path .build-coverage --enable-code-coverage > /dev/null 2>&1 || echo "some tests fail; see swift test" >&2
report=$(swift test --scratch-path .build-coverage --show-codecov-path)
python3 - "$report" << 'END'
import collections, json, sys
files = []
modules = collections.defaultdict(lambda: [0, 0])
for file in json.load(open(sys.argv[1]))["data"][0]["files"]:
    if "/Sources/" not in file["filename"] or "/.build" in file["filename"]:
        continue
    name = file["filename"].split("/Sources/")[1]
    lines = file["summary"]["lines"]
    files.append((lines["count"] - lines["covered"], lines["count"], name))
    module = modules[name.split("/")[0]]
    module[0] += lines["covered"]
    module[1] += lines["count"]
for name, (covered, count) in sorted(modules.items()):
    print(f"{name:12} {100 * covered / count:5.1f} % of {count} lines")
print("\nnot run:")
for missing, count, name in sorted(files, reverse=True)[:25]:
    print(f"{missing:5} of {count:4}  {name}")
END

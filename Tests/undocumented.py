#!/usr/bin/env python3
"""Lists the public declarations without a comment in a folder of symbol graphs, a folder a module; fails where there are any."""
import glob
import json
import os
import sys

declared, lacking = set(), []
for path in glob.glob(os.path.join(sys.argv[1], "*", "*.symbols.json")):
    with open(path) as file:
        symbols = json.load(file)["symbols"]
    for symbol in symbols:
        name = symbol["identifier"]["precise"]
        if "location" not in symbol or "::SYNTHESIZED" in name or name in declared:
            continue
        declared.add(name)
        if "docComment" not in symbol:
            place = symbol["location"]
            lacking.append(f"{place['uri']}:{place['position']['line'] + 1}: {'.'.join(symbol['pathComponents'])}")
for line in sorted(lacking):
    print(line)
print(f"{len(declared)} public declarations, {len(lacking)} without documentation")
sys.exit(1 if lacking else 0)

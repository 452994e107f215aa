#!/usr/bin/env python3
"""Writes Debian's package dependencies, as apt knows them on this machine, as edges: one JSON object a line.

    Benchmarks/debian.py > debian.jsonl

An edge's data holds the installed size of the package that it leads to, in KiB, as a weight.
"""
import json
import re
import subprocess
import sys

TYPES = {"Depends": "depends", "Pre-Depends": "pre-depends", "Recommends": "recommends", "Suggests": "suggests"}

sizes = {}
edges = {}
package = None
text = subprocess.run(["apt-cache", "dumpavail"], capture_output=True, check=True, text=True).stdout
for line in text.splitlines():
    name, _, value = line.partition(": ")
    if name == "Package":
        package = value
    elif name == "Installed-Size":
        sizes[package] = int(value)
    elif name in TYPES:
        for target in re.split(r"[,|]", value):
            match = re.match(r"\s*([a-z0-9][a-z0-9+.-]*)", target)
            if match:
                edges[(package, TYPES[name], match.group(1))] = None
for source, kind, target in sorted(edges):
    sys.stdout.write(
        json.dumps(
            {
                "from": f"Package:{source}",
                "to": f"Package:{target}",
                "type": kind,
                "data": {"size": max(sizes.get(target, 0), 1)},
            },
            separators=(",", ":"),
        )
        + "\n"
    )

#!/usr/bin/env python3
"""Writes what some Debian packages depend on, as apt knows it on this machine:

    samples/debian-packages.py > samples/debian-packages.json
"""
import re
import subprocess

START = ["git", "curl", "sqlite3", "graphviz", "postgresql-client-15"]
DEPTH = 2

packages = {}
package = {}
dump = subprocess.run(["apt-cache", "dumpavail"], capture_output=True, check=True, text=True).stdout
for line in dump.splitlines():
    name, _, value = line.partition(": ")
    if name == "Package":
        package = packages.setdefault(value, {})
    elif name in ["Section", "Installed-Size", "Depends", "Pre-Depends"]:
        package.setdefault(name, value)

edges = []
seen = set(START)
level = START
for _ in range(DEPTH):
    following = []
    for source in level:
        for kind in ["Pre-Depends", "Depends"]:
            for alternatives in packages[source].get(kind, "").split(","):
                # The first of several that would do.
                match = re.match(r"\s*([a-z0-9][a-z0-9+.-]*)", alternatives)
                if not match or match.group(1) not in packages:
                    continue
                target = match.group(1)
                edge = f'{{"from": "Package:{source}", "to": "Package:{target}", "type": "{kind.lower()}"}}'
                if edge not in edges:
                    edges.append(edge)
                if target not in seen:
                    seen.add(target)
                    following.append(target)
    level = following

nodes = [
    f'{{"type": "Package", "id": "{name}", "section": "{packages[name]["Section"]}", '
    f'"size": {packages[name].get("Installed-Size", 0)}}}'
    for name in sorted(seen)
]
print('{\n  "nodes": [\n    ' + ",\n    ".join(nodes) + "\n  ],")
print('  "edges": [\n    ' + ",\n    ".join(sorted(edges)) + "\n  ]\n}")

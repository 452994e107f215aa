#!/usr/bin/env python3
"""Writes a scale-free graph as edges, one JSON object a line: each new node follows five that are there, the likelier the
more edges these have (Barabási and Albert). The same seed gives the same graph.

    Benchmarks/scalefree.py EDGES [SEED] > graph.jsonl
"""
import array
import random
import sys

edges = int(sys.argv[1])
random.seed(int(sys.argv[2]) if len(sys.argv) > 2 else 1)
# Every end of every edge: to draw from it is to draw a node by its degree.
ends = array.array("I", range(5))
lines = []
chosen = set()
for number in range(edges):
    source = 5 + number // 5
    if number % 5 == 0:
        chosen = {source}
    target = source
    while target in chosen:
        target = ends[int(random.random() * len(ends))]
    chosen.add(target)
    ends.append(source)
    ends.append(target)
    lines.append(f'{{"from":"N:{source}","to":"N:{target}","type":"follows","data":{{"n":{number}}}}}\n')
    if len(lines) == 100_000:
        sys.stdout.write("".join(lines))
        lines = []
sys.stdout.write("".join(lines))

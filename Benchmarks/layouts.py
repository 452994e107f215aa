#!/usr/bin/env python3
"""Lays out trees, random, scale-free, small-world graphs and grids of 300 to 50,000 edges, and prints for each layout the seconds of the
whole command, the share of pairs of edges that cross, and how much the lengths of edges differ (their deviation over their mean).

    Benchmarks/layouts.py [KV [LAYOUT [SECONDS]]...]

Without arguments: a release build, force beside sfdp for at most 60 s. Where Python has igraph, its layouts drl and fr are measured too,
in memory and without drawing.
"""
import math
import os
import random
import re
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SIZES = [300, 1_000, 10_000, 50_000]


def graph(shape, size):
    """Pairs of numbers, each pair once."""
    draw = random.Random(1)
    if shape == "tree":
        edges = [(draw.randrange(node), node) for node in range(1, size + 1)]
    elif shape == "random":
        edges = [(draw.randrange(size // 2), draw.randrange(size // 2)) for _ in range(size)]
    elif shape == "grid":
        side = math.isqrt(size // 2)
        edges = [(row * side + column, row * side + column + 1) for row in range(side) for column in range(side - 1)]
        edges += [(row * side + column, (row + 1) * side + column) for row in range(side - 1) for column in range(side)]
    elif shape == "small-world":
        count = size // 2
        edges = [(node, (node + step if draw.random() > 0.02 else draw.randrange(count)) % count)
                 for node in range(count) for step in (1, 2)]
    else:
        ends, edges = [0, 1], [(1, 0)]
        while len(edges) < size:
            node = len(edges) // 2 + 2
            for _ in range(2):
                other = draw.choice(ends)
                edges.append((node, other))
                ends += [node, other]
    return sorted({(a, b) for a, b in edges if a != b})


def measures(lines):
    """The share of pairs of edges that cross, of a sample of 1,500, and the spread of lengths."""
    lengths = [math.dist(a, b) for a, b in lines]
    mean = sum(lengths) / len(lengths)
    spread = math.sqrt(sum((length - mean) ** 2 for length in lengths) / len(lengths)) / mean
    sample = random.Random(2).sample(lines, min(len(lines), 1_500))

    def side(a, b, c):
        return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])

    crossings = 0
    for place, (a, b) in enumerate(sample):
        for c, d in sample[:place]:
            if side(a, b, c) * side(a, b, d) < 0 and side(c, d, a) * side(c, d, b) < 0:
                crossings += 1
    return crossings / (len(sample) * (len(sample) - 1) / 2), spread


def drawn(kv, layout, limit, database, edges, scratch):
    picture = f"{scratch}/picture.svg"
    start = time.perf_counter()
    done = subprocess.run(
        [kv, "graph", "view", "--connection", database, "--max-edges", str(len(edges)), "--layout", layout,
         "--timeout", str(limit), "-o", picture], capture_output=True, text=True)
    seconds = time.perf_counter() - start
    if done.returncode:
        return f"none in {seconds:.0f} s"
    text = open(picture).read()
    places = {}
    for number, body in re.findall(r'<g id="n(\d+)" class="node">(.*?)</g>\s*</g>', text, re.S):
        found = re.search(r'<ellipse[^>]*cx="([-\d.]+)" cy="([-\d.]+)"', body)
        if found:
            places[int(number)] = (float(found[1]), float(found[2]))
        else:
            points = re.findall(r"(-?\d+\.?\d*),(-?\d+\.?\d*)", re.search(r' (?:d|points)="([^"]+)"', body)[1])
            xs, ys = [float(x) for x, _ in points], [float(y) for _, y in points]
            places[int(number)] = ((min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2)
    names = sorted({f"Node:{node}" for edge in edges for node in edge}, key=lambda name: name.encode())
    numbers = {name: number for number, name in enumerate(names)}
    return seconds, *measures([(places[numbers[f"Node:{a}"]], places[numbers[f"Node:{b}"]]) for a, b in edges])


def placed(name, edges):
    import igraph
    made = igraph.Graph(edges=edges)
    random.seed(1)
    start = time.perf_counter()
    layout = made.layout(name)
    seconds = time.perf_counter() - start
    return seconds, *measures([(layout[a], layout[b]) for a, b in edges])


def main():
    if len(sys.argv) > 1:
        kv = sys.argv[1]
    else:
        build = ["swift", "build", "-c", "release", "--package-path", ROOT, "--product", "kv"]
        subprocess.run(build, check=True, stdout=subprocess.DEVNULL)
        kv = subprocess.run(build + ["--show-bin-path"], check=True, capture_output=True, text=True).stdout.strip() + "/kv"
    layouts = [(sys.argv[place], sys.argv[place + 1] if place + 1 < len(sys.argv) else 60)
               for place in range(2, len(sys.argv), 2)] or [("force", 60), ("sfdp", 60)]
    try:
        import igraph  # noqa: F401
        peers = ["drl", "fr"]
    except ImportError:
        peers = []
    print(f"{'graph':24}" + "".join(f"{name:>32}" for name, _ in layouts) + "".join(f"{'igraph ' + name:>32}" for name in peers))
    with tempfile.TemporaryDirectory() as scratch:
        for shape in ["tree", "random", "scale-free", "small-world", "grid"]:
            for size in SIZES:
                edges = graph(shape, size)
                database = f"{scratch}/{shape}{size}.db"
                lines = "".join(f"{a}\t{b}\n" for a, b in edges)
                subprocess.run([kv, "graph", "import", "-", "--connection", database], input=lines, text=True, check=True,
                               capture_output=True)
                cells = [drawn(kv, name, limit, database, edges, scratch) for name, limit in layouts]
                # Some of igraph's take hours.
                cells += [placed(name, edges) if name == "drl" or size <= 10_000 else "not tried" for name in peers]
                texts = [cell if isinstance(cell, str) else "%.2f s  %.4f  %.2f" % cell for cell in cells]
                print(f"{shape + ' ' + str(len(edges)):24}" + "".join(f"{text:>32}" for text in texts), flush=True)


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Draws scale-free graphs of 10 to 10,000 edges in every format, and prints seconds and the largest memory for each.

    Benchmarks/pictures.py [KV]

Without an argument: a release build.
"""
import os
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
FORMATS = ["text", "json", "dot", "mermaid", "svg", "png", "pdf", "html"]
SIZES = [10, 100, 1_000, 10_000, 50_000]

if len(sys.argv) > 1:
    kv = os.path.abspath(sys.argv[1])
else:
    build = ["swift", "build", "-c", "release", "--static-swift-stdlib", "--package-path", ROOT, "--product", "kv"]
    subprocess.run(build, check=True, stdout=subprocess.DEVNULL)
    kv = subprocess.run(build + ["--show-bin-path"], check=True, capture_output=True, text=True).stdout.strip() + "/kv"

print("edges".ljust(10) + "".join(name.rjust(18) for name in FORMATS))
with tempfile.TemporaryDirectory() as scratch:
    for size in SIZES:
        database = f"{scratch}/{size}.db"
        graph = subprocess.run([f"{ROOT}/Benchmarks/scalefree.py", str(size)], check=True, capture_output=True).stdout
        subprocess.run(
            [kv, "graph", "import", "-", "--connection", database], input=graph, check=True,
            stdout=subprocess.DEVNULL)
        cells = []
        for name in FORMATS:
            start = time.perf_counter()
            process = subprocess.Popen(
                [kv, "graph", "view", "--format", name, "--max-edges", str(size), "-o", f"{scratch}/picture",
                 "--connection", database], stderr=subprocess.DEVNULL)
            _, status, usage = os.wait4(process.pid, 0)
            seconds = time.perf_counter() - start
            # The greatest of kv and the child that lays out, in KiB.
            cells.append(f"{seconds:.2f} s {usage.ru_maxrss // 1024} MiB" if status == 0 else f"status {status >> 8}")
        print(str(size).ljust(10) + "".join(cell.rjust(18) for cell in cells), flush=True)

#!/usr/bin/env python3
"""How kv's cost grows with the graph: seconds and memory of whole commands on scale-free graphs of 10,000 edges and up, by Benchmarks/scalefree.py.

    Benchmarks/sizes.py KV [EDGES…]        # by default 10000 100000 1000000
"""
import os
import random
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def main():
    program = os.path.abspath(sys.argv[1])
    sizes = [int(size) for size in sys.argv[2:]] or [10_000, 100_000, 1_000_000]
    rows = {}
    for size in sizes:
        with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR", "/tmp")) as folder:
            file, database = f"{folder}/graph.jsonl", f"{folder}/kv.db"
            with open(file, "w") as output:
                subprocess.run([f"{ROOT}/Benchmarks/scalefree.py", str(size)], check=True, stdout=output)

            def run(name, *arguments, snapshot="off"):
                environment = dict(os.environ, KV_SNAPSHOT=snapshot)
                start = time.perf_counter()
                process = subprocess.Popen(
                    [program, "graph", *arguments, "--connection", database], stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL, env=environment)
                _, _, usage = os.wait4(process.pid, 0)
                rows.setdefault(name, []).append((time.perf_counter() - start, usage.ru_maxrss / 1024))

            run("import", "import", file)
            os.remove(file)
            rows.setdefault("MB on disk", []).append((os.path.getsize(database) / 1e6, None))
            rng = random.Random(1)
            # New nodes follow old ones: from a young one to one of the first.
            times = []
            for _ in range(20):
                run("path", "find-path", f"N:{rng.randrange(size // 10, size // 5)}", f"N:{rng.randrange(5, 50)}")
                times.append(rows["path"].pop())
            rows.setdefault("path, median of 20", []).append(sorted(times)[10])
            run("stats", "stats")
            run("PageRank", "rank", "pagerank")
            run("export as JSON Lines", "export", "--format", "jsonl")
            run("snapshot made", "snapshot", snapshot="on")
            run("stats with it", "stats", snapshot="on")
            run("PageRank with it", "rank", "pagerank", snapshot="on")
    rows.pop("path", None)
    print("| | " + " | ".join(f"{size:,}" for size in sizes) + " |")
    print("|---" * (len(sizes) + 1) + "|")
    for name, cells in rows.items():
        text = [f"{value:.3g}" + (f" s, {memory:.0f} MiB" if memory else "") for value, memory in cells]
        print(f"| {name} | " + " | ".join(text) + " |")


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Compares kv with other graph tools on one graph and prints a table of seconds; each figure is measured once, in this run.

    Benchmarks/graphs.py [EDGES.jsonl]

Without a file: Debian's package dependencies, by Benchmarks/debian.py. NetworkX, igraph and LadybugDB take part where Python
finds them (pip install networkx igraph ladybug). kv is measured from inside a process and as whole commands.
"""
import collections
import csv
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
ROWS = ["import", "outgoing median", "incoming median", "path median", "path p99", "weighted median", "bfs", "pagerank"]


def seconds(body):
    start = time.perf_counter()
    body()
    return time.perf_counter() - start


def spread(name, times):
    times = sorted(times)
    return {f"{name} median": statistics.median(times), f"{name} p99": times[min(len(times) * 99 // 100, len(times) - 1)]}


def build():
    """The release's kv and the program that measures from inside."""
    command = ["swift", "build", "-c", "release", "--static-swift-stdlib", "--package-path", ROOT]
    for product in ["kv", "GraphBenchmark"]:
        subprocess.run(command + ["--product", product], check=True, stdout=subprocess.DEVNULL)
    path = subprocess.run(command + ["--show-bin-path"], check=True, capture_output=True, text=True).stdout.strip()
    return f"{path}/kv", f"{path}/GraphBenchmark"


def kv(program, benchmark, file, folder, pairs):
    def command(*arguments):
        return subprocess.run(
            [program, *arguments, "--connection", f"{folder}/kv.db"], capture_output=True, text=True)

    process = {"import": seconds(lambda: command("graph", "import", file))}
    with open(f"{folder}/pairs", "w") as lines:
        lines.writelines(f"{source}\t{target}\n" for source, target in pairs)
    inside = json.loads(
        subprocess.run([benchmark, f"{folder}/kv.db", f"{folder}/pairs"], check=True, capture_output=True, text=True).stdout)

    def times(count, *arguments):
        return [
            seconds(lambda: command("graph", *arguments, *source.split(":", 1), *target.split(":", 1)))
            for source, target in pairs[:count]
        ]

    process |= spread("path", times(50, "find-path"))
    process["weighted median"] = statistics.median(
        seconds(lambda: command(
            "graph", "find-path", *source.split(":", 1), *target.split(":", 1), "--weight", "size", "--default-weight", "1"))
        for source, target in pairs[:20])
    node = pairs[0][0].split(":", 1)
    process["outgoing median"] = statistics.median(seconds(lambda: command("graph", "get-outgoing", *node)) for _ in range(20))
    process["incoming median"] = statistics.median(seconds(lambda: command("graph", "get-incoming", *node)) for _ in range(20))
    process["bfs"] = seconds(lambda: command("graph", "bfs", *node))
    process["pagerank"] = seconds(lambda: command("graph", "rank", "pagerank"))
    process["stats"] = seconds(lambda: command("graph", "stats"))
    return inside, process


def networkx(edges, pairs):
    import networkx

    graph = networkx.DiGraph()
    figures = {"import": seconds(lambda: graph.add_weighted_edges_from(edges))}
    figures |= spread("outgoing", [seconds(lambda: list(graph.successors(source))) for source, _ in pairs])
    figures |= spread("incoming", [seconds(lambda: list(graph.predecessors(target))) for _, target in pairs])

    def path(source, target):
        try:
            networkx.bidirectional_shortest_path(graph, source, target)
        except networkx.NetworkXNoPath:
            pass

    def weighted(source, target):
        try:
            networkx.bidirectional_dijkstra(graph, source, target)
        except networkx.NetworkXNoPath:
            pass

    figures |= spread("path", [seconds(lambda: path(*pair)) for pair in pairs])
    figures |= spread("weighted", [seconds(lambda: weighted(*pair)) for pair in pairs[:20]])
    figures["bfs"] = seconds(lambda: sum(1 for _ in networkx.bfs_edges(graph, pairs[0][0])))
    figures["pagerank"] = seconds(lambda: networkx.pagerank(graph))
    return figures


def igraph(edges, pairs):
    import warnings

    import igraph

    warnings.simplefilter("ignore")
    made = []
    figures = {
        "import": seconds(lambda: made.append(igraph.Graph.TupleList(edges, directed=True, edge_attrs=["weight"])))
    }
    graph = made[0]
    number = {name: index for index, name in enumerate(graph.vs["name"])}
    numbered = [(number[source], number[target]) for source, target in pairs]
    figures |= spread("outgoing", [seconds(lambda: graph.successors(source)) for source, _ in numbered])
    figures |= spread("incoming", [seconds(lambda: graph.predecessors(target)) for _, target in numbered])
    figures |= spread("path", [seconds(lambda: graph.get_shortest_path(*pair)) for pair in numbered])
    figures |= spread("weighted", [seconds(lambda: graph.get_shortest_path(*pair, weights="weight")) for pair in numbered[:20]])
    figures["bfs"] = seconds(lambda: graph.subcomponent(numbered[0][0], mode="out"))
    figures["pagerank"] = seconds(lambda: graph.pagerank())
    return figures


def ladybug(edges, pairs, folder):
    import ladybug

    connection = ladybug.Connection(ladybug.Database(f"{folder}/ladybug.db"))
    nodes = sorted({end for source, target, _ in edges for end in (source, target)})
    with open(f"{folder}/nodes.csv", "w", newline="") as file:
        csv.writer(file).writerows([node] for node in nodes)
    with open(f"{folder}/edges.csv", "w", newline="") as file:
        csv.writer(file).writerows(edges)
    connection.execute("create node table N(id string primary key)")
    connection.execute("create rel table E(from N to N, weight double)")

    def copy():
        connection.execute(f"copy N from '{folder}/nodes.csv'")
        connection.execute(f"copy E from '{folder}/edges.csv'")

    def ask(query, **parameters):
        connection.execute(query, parameters).get_all()

    figures = {"import": seconds(copy)}
    figures |= spread("outgoing", [
        seconds(lambda: ask("match (a:N {id: $a})-[:E]->(b) return b.id", a=source)) for source, _ in pairs])
    figures |= spread("incoming", [
        seconds(lambda: ask("match (a)-[:E]->(b:N {id: $b}) return a.id", b=target)) for _, target in pairs])
    figures |= spread("path", [
        seconds(lambda: ask(
            "match p = (a:N {id: $a})-[:E* shortest 1..30]->(b:N {id: $b}) return length(p)", a=source, b=target))
        for source, target in pairs])
    return figures


def main():
    with tempfile.TemporaryDirectory() as folder:
        program, benchmark = build()
        file = sys.argv[1] if len(sys.argv) > 1 else f"{folder}/debian.jsonl"
        if len(sys.argv) == 1:
            with open(file, "w") as output:
                subprocess.run([f"{ROOT}/Benchmarks/debian.py"], check=True, stdout=output)
        edges = {}
        with open(file) as lines:
            for line in lines:
                edge = json.loads(line)
                data = edge.get("data") or {}
                edges.setdefault((edge["from"], edge["to"]), float(data.get("size", 1)))
        edges = [(source, target, weight) for (source, target), weight in edges.items()]
        random.seed(200)
        nodes = sorted({end for source, target, _ in edges for end in (source, target)})
        pairs = [(random.choice(nodes), random.choice(nodes)) for _ in range(200)]
        # A walk that goes far, to begin with.
        pairs[0] = (collections.Counter(edge[0] for edge in edges).most_common(1)[0][0], pairs[0][1])

        columns = {}
        columns["kv inside"], columns["kv command"] = kv(program, benchmark, file, folder, pairs)
        for name, run in [
            ("NetworkX", lambda: networkx(edges, pairs)), ("igraph", lambda: igraph(edges, pairs)),
            ("LadybugDB", lambda: ladybug(edges, pairs, folder)),
        ]:
            try:
                columns[name] = run()
            except ImportError:
                print(f"{name} is not installed", file=sys.stderr)

    inside = columns["kv inside"]
    count = int(inside["edges"])
    print(f"{count} edges, {int(inside['nodes'])} nodes; {len(pairs)} pairs, {int(inside['paths found'])} with a path; seconds")
    width = max(len(name) for name in columns) + 2
    print(" " * 16 + "".join(name.rjust(width) for name in columns))
    for row in ROWS:
        values = (columns[name].get(row) for name in columns)
        print(row.ljust(16) + "".join(("–" if value is None else f"{value:.6f}").rjust(width) for value in values))
    print(f"kv imports {count / columns['kv command']['import']:,.0f} edges/s; walks {inside['bfs edges'] / inside['bfs']:,.0f} edges/s"
          f" from the database and {inside['bfs edges'] / inside['bfs of the adjacency']:,.0f} from the adjacency,"
          f" which it makes of {inside['edges'] / inside['adjacency']:,.0f} edges/s;"
          f" stats as a command {columns['kv command']['stats']:.2f} s")


main()

#!/usr/bin/env python3
"""Compares kv with other graph tools on one graph, and prints a table of seconds: medians of several runs.

    Benchmarks/graphs.py [EDGES.jsonl] [--runs 3] [--csv FILE]

Without a file: Debian's package dependencies, by Benchmarks/debian.py. Other tools take part where Python finds them
(pip install networkx igraph rustworkx networkit ladybug graphqlite). kv is measured from inside a process, from the database and with the graph's
snapshot in memory, as whole commands, and as whole commands with the snapshot beside the database; on PostgreSQL as well where KV_BENCH_POSTGRES names a server on which psql may make
the database kv_bench. Pairs for paths are drawn apart: the ends of random walks, so that there is a
path; from anywhere to the nodes with the most edges; and any two nodes, of which most have none. With --csv each figure is written with
the least and the most of its runs.
"""
import argparse
import collections
import csv
import json
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
KINDS = ["walk", "hub", "any"]
ROWS = (
    ["import"] + [f"path {kind} {figure}" for kind in KINDS for figure in ("median", "p99")]
    + ["bfs", "components", "pagerank", "cores", "clustering", "communities", "stats"])


def seconds(body):
    start = time.perf_counter()
    body()
    return time.perf_counter() - start


def spread(name, times):
    times = sorted(times)
    return {f"{name} median": statistics.median(times), f"{name} p99": times[min(len(times) * 99 // 100, len(times) - 1)]}


def paths(pairs, find):
    """For each kind of pairs, how long a path takes to find; `find` is given two nodes."""
    figures = {}
    for kind in KINDS:
        figures |= spread(f"path {kind}", [seconds(lambda: find(*pair)) for pair in pairs[kind]])
    return figures


def build():
    """The release's kv and the program that measures from inside."""
    command = ["swift", "build", "-c", "release", "--static-swift-stdlib", "--package-path", ROOT]
    for product in ["kv", "GraphBenchmark"]:
        subprocess.run(command + ["--product", product], check=True, stdout=subprocess.DEVNULL)
    path = subprocess.run(command + ["--show-bin-path"], check=True, capture_output=True, text=True).stdout.strip()
    return f"{path}/kv", f"{path}/GraphBenchmark"


def commands(program, connection, file, folder, pairs, snapshot):
    """kv's commands on a database, into which they import the file first where they use no snapshot."""
    def command(*arguments):
        environment = dict(os.environ, KV_SNAPSHOT="on" if snapshot else "off", XDG_CACHE_HOME=folder)
        subprocess.run(
            [program, "graph", *arguments, "--connection", connection], capture_output=True, check=arguments[0] == "import",
            env=environment)

    figures = {} if snapshot else {"import": seconds(lambda: command("import", file))}
    if snapshot:
        command("snapshot")
    figures |= paths(pairs, lambda source, target: command("find-path", source, target))
    start = pairs["walk"][0][0]
    figures["bfs"] = seconds(lambda: command("bfs", start))
    figures["components"] = seconds(lambda: command("components", "--limit", "1"))
    figures["pagerank"] = seconds(lambda: command("rank", "pagerank"))
    for name in ("cores", "clustering", "communities"):
        figures[name] = seconds(lambda: command(name, "--top", "1"))
    figures["stats"] = seconds(lambda: command("stats"))
    return figures


def kv(program, benchmark, file, folder, pairs, notes):
    database = f"{folder}/kv.db"
    for name in os.listdir(folder):
        if name.startswith("kv.db"):
            os.remove(f"{folder}/{name}")
    process = commands(program, database, file, folder, pairs, False)
    notes["bytes"] = os.path.getsize(database)
    inside, kept = {}, {}
    for kind in KINDS:
        with open(f"{folder}/pairs", "w") as lines:
            lines.writelines(f"{source}\t{target}\n" for source, target in pairs[kind])
        output = subprocess.run([benchmark, database, f"{folder}/pairs"], check=True, capture_output=True, text=True).stdout
        figures = json.loads(output)
        if kind == "walk":
            whole = figures
        for column, name in ((inside, "path"), (kept, "path with snapshot")):
            column |= {f"path {kind} {figure}": figures[f"{name} {figure}"] for figure in ("median", "p99")}
        notes[f"found {kind}"] = int(figures["paths found"])
    for name in ("components", "pagerank", "cores", "clustering", "communities"):
        inside[name] = whole[name]
    inside["bfs"] = whole["bfs"]
    kept["bfs"] = whole["bfs of the adjacency"]
    notes |= {name: whole[name] for name in ("edges", "nodes", "bfs edges", "bfs", "bfs of the adjacency", "adjacency", "snapshot")}
    return {
        "kv inside": inside, "and snapshot": kept, "kv command": process, "kv snapshot": commands(program, database, file, folder, pairs, True)}


def postgres(program, file, folder, pairs):
    server = os.environ.get("KV_BENCH_POSTGRES")
    if not server:
        raise RuntimeError("KV_BENCH_POSTGRES names no PostgreSQL")
    for statement in ("drop database if exists kv_bench", "create database kv_bench"):
        subprocess.run(["psql", "-q", server, "-c", statement], check=True, capture_output=True)
    connection = re.sub("//([^/?]*)(/[^?]*)?", "//\\1/kv_bench", server, count=1)
    return {
        "PostgreSQL": commands(program, connection, file, folder, pairs, False),
        "PG and snapshot": commands(program, connection, file, folder, pairs, True)}


def networkx(edges, pairs):
    import networkx

    graph = networkx.DiGraph()
    figures = {"import": seconds(lambda: graph.add_weighted_edges_from(edges))}

    def path(source, target):
        try:
            networkx.bidirectional_shortest_path(graph, source, target)
        except networkx.NetworkXNoPath:
            pass

    figures |= paths(pairs, path)
    figures["bfs"] = seconds(lambda: sum(1 for _ in networkx.bfs_edges(graph, pairs["walk"][0][0])))
    figures["components"] = seconds(lambda: list(networkx.weakly_connected_components(graph)))
    figures["pagerank"] = seconds(lambda: networkx.pagerank(graph))
    return {"NetworkX": figures}


def igraph(edges, pairs):
    import warnings

    import igraph

    warnings.simplefilter("ignore")
    made = []
    figures = {
        "import": seconds(lambda: made.append(igraph.Graph.TupleList(edges, directed=True, edge_attrs=["weight"])))}
    graph = made[0]
    number = {name: index for index, name in enumerate(graph.vs["name"])}
    figures |= paths(pairs, lambda source, target: graph.get_shortest_path(number[source], number[target]))
    figures["bfs"] = seconds(lambda: graph.subcomponent(number[pairs["walk"][0][0]], mode="out"))
    figures["components"] = seconds(lambda: graph.connected_components(mode="weak"))
    figures["pagerank"] = seconds(lambda: graph.pagerank())
    flat = graph.as_undirected().simplify()
    figures["cores"] = seconds(lambda: flat.coreness())
    figures["clustering"] = seconds(lambda: flat.transitivity_local_undirected(mode="zero"))
    figures["communities"] = seconds(lambda: flat.community_leiden(objective_function="modularity"))
    return {"igraph": figures}


def rustworkx(edges, pairs):
    import rustworkx

    graph = rustworkx.PyDiGraph()
    number = {}

    def load():
        names = {end for source, target, _ in edges for end in (source, target)}
        number.update(zip(names, graph.add_nodes_from(list(names))))
        graph.add_edges_from([(number[source], number[target], weight) for source, target, weight in edges])

    figures = {"import": seconds(load)}
    figures["bfs"] = seconds(lambda: rustworkx.descendants(graph, number[pairs["walk"][0][0]]))
    figures["components"] = seconds(lambda: rustworkx.weakly_connected_components(graph))
    figures["pagerank"] = seconds(lambda: rustworkx.pagerank(graph))
    figures["cores"] = seconds(lambda: rustworkx.core_number(graph))
    return {"rustworkx": figures}


def networkit(edges, pairs):
    import networkit

    number = {}

    def load():
        for source, target, _ in edges:
            for name in (source, target):
                number.setdefault(name, len(number))
        graph = networkit.Graph(len(number), directed=True)
        for source, target, _ in edges:
            graph.addEdge(number[source], number[target])
        made.append(graph)

    made = []
    figures = {"import": seconds(load)}
    graph = made[0]
    figures |= paths(pairs, lambda source, target: networkit.distance.BidirectionalBFS(
        graph, number[source], number[target]).run())
    figures["bfs"] = seconds(lambda: networkit.distance.BFS(graph, number[pairs["walk"][0][0]]).run())
    figures["components"] = seconds(lambda: networkit.components.WeaklyConnectedComponents(graph).run())
    figures["pagerank"] = seconds(lambda: networkit.centrality.PageRank(graph, tol=1e-9).run())
    flat = networkit.graphtools.toUndirected(graph)
    flat.removeSelfLoops()
    flat.removeMultiEdges()
    figures["cores"] = seconds(lambda: networkit.centrality.CoreDecomposition(flat).run())
    figures["clustering"] = seconds(lambda: networkit.centrality.LocalClusteringCoefficient(flat).run())
    figures["communities"] = seconds(lambda: networkit.community.ParallelLeiden(flat).run())
    return {"NetworKit": figures}


def ladybug(edges, pairs, folder):
    import shutil

    import ladybug

    for name in os.listdir(folder):
        if name.startswith("ladybug"):
            path = f"{folder}/{name}"
            shutil.rmtree(path) if os.path.isdir(path) else os.remove(path)
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

    def path(source, target):
        query = "match p = (a:N {id: $a})-[:E* shortest 1..30]->(b:N {id: $b}) return length(p)"
        connection.execute(query, {"a": source, "b": target}).get_all()

    return {"LadybugDB": {"import": seconds(copy)} | paths(pairs, path)}


def graphqlite(edges, pairs, folder):
    import graphqlite

    for name in os.listdir(folder):
        if name.startswith("graphqlite"):
            os.remove(f"{folder}/{name}")
    graph = graphqlite.Graph(f"{folder}/graphqlite.db")
    nodes = sorted({end for source, target, _ in edges for end in (source, target)})

    def load():
        graph.insert_graph_bulk(
            [(node, {}, "N") for node in nodes],
            [(source, target, {"weight": weight}, "E") for source, target, weight in edges])

    figures = {"import": seconds(load)}
    graph.load_graph()
    figures |= paths(pairs, lambda source, target: graph.shortest_path(source, target))
    figures["bfs"] = seconds(lambda: graph.bfs(pairs["walk"][0][0]))
    figures["components"] = seconds(lambda: graph.weakly_connected_components())
    figures["pagerank"] = seconds(lambda: graph.pagerank(iterations=50))
    return {"GraphQLite": figures}


def read(file):
    """The edges between different pairs of nodes, each once, with a weight."""
    edges = {}
    with open(file) as lines:
        for line in lines:
            edge = json.loads(line)
            data = edge.get("data") or {}
            edges.setdefault((edge["from"], edge["to"]), float(data.get("size", 1)))
    return [(source, target, weight) for (source, target), weight in edges.items()]


def draw(edges, count):
    """Pairs of each kind, the same for the same graph."""
    rng = random.Random(200)
    following = collections.defaultdict(list)
    entering = collections.Counter()
    for source, target, _ in edges:
        following[source].append(target)
        entering[target] += 1
    starts = sorted(following)
    nodes = sorted({end for source, target, _ in edges for end in (source, target)})
    hubs = [node for node, _ in entering.most_common(20)]

    def walk():
        while True:
            start = node = rng.choice(starts)
            for _ in range(rng.randint(2, 6)):
                node = rng.choice(following[node]) if following[node] else start
            if node != start:
                return start, node

    return {
        "walk": [walk() for _ in range(count)],
        "hub": [(rng.choice(starts), rng.choice(hubs)) for _ in range(count)],
        "any": [(rng.choice(nodes), rng.choice(nodes)) for _ in range(count)],
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("file", nargs="?")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--pairs", type=int, default=100)
    parser.add_argument("--csv")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        program, benchmark = build()
        file = options.file or f"{folder}/debian.jsonl"
        if not options.file:
            with open(file, "w") as output:
                subprocess.run([f"{ROOT}/Benchmarks/debian.py"], check=True, stdout=output)
        edges = read(file)
        pairs = draw(edges, options.pairs)
        notes = {}
        tools = [
            lambda: kv(program, benchmark, file, folder, pairs, notes), lambda: postgres(program, file, folder, pairs),
            lambda: networkx(edges, pairs),
            lambda: igraph(edges, pairs), lambda: rustworkx(edges, pairs), lambda: networkit(edges, pairs),
            lambda: ladybug(edges, pairs, folder), lambda: graphqlite(edges, pairs, folder),
        ]
        runs = collections.defaultdict(lambda: collections.defaultdict(list))
        for run in range(options.runs):
            for tool in tools:
                try:
                    for name, figures in tool().items():
                        for row, value in figures.items():
                            runs[name][row].append(value)
                # GraphQLite needs a Python whose SQLite takes extensions.
                except (ImportError, RuntimeError) as error:
                    if run == 0:
                        print(f"left out: {error}".splitlines()[0], file=sys.stderr)

    print(f"{int(notes['edges'])} edges, {int(notes['nodes'])} nodes; of {options.pairs} pairs each, with a path: "
          + ", ".join(f"{kind} {notes[f'found {kind}']}" for kind in KINDS) + f"; medians of {options.runs} runs, in seconds")
    width = max(len(name) for name in runs) + 2
    print(" " * 18 + "".join(name.rjust(width) for name in runs))
    for row in ROWS:
        values = [figures.get(row) for figures in runs.values()]
        print(row.ljust(18) + "".join((f"{statistics.median(value):.5f}" if value else "–").rjust(width) for value in values))
    imported = statistics.median(runs["kv command"]["import"])
    print(f"kv imports {notes['edges'] / imported:,.0f} edges/s into {notes['bytes'] / 1e6:.0f} MB; walks {notes['bfs edges'] / notes['bfs']:,.0f}"
          f" edges/s from the database and {notes['bfs edges'] / notes['bfs of the adjacency']:,.0f} in memory; reads the graph at"
          f" {notes['edges'] / notes['adjacency']:,.0f} edges/s, and its snapshot in {notes['snapshot'] * 1000:.0f} ms")
    if options.csv:
        with open(options.csv, "w", newline="") as output:
            writer = csv.writer(output)
            writer.writerow(["tool", "figure", "median", "least", "most", "runs"])
            for name, figures in runs.items():
                for row, values in figures.items():
                    writer.writerow([name, row, statistics.median(values), min(values), max(values), len(values)])


if __name__ == "__main__":
    main()

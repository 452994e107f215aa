#!/usr/bin/env python3
"""Writes what NetworkX says of random graphs, for MeasureTests; so many of each kind:

    pip install networkx scipy && Tests/KVGraphTests/NetworkX/measures.py 50 > Tests/KVGraphTests/NetworkX/measures.json
"""
import collections
import json
import math
import random
import sys

import networkx as nx
import numpy


def rounded(values):
    return {node: float(f"{value:.10g}") for node, value in values.items()}


def label_propagation(graph, rounds):
    """By the definition of LDBC Graphalytics."""
    out = {v: set(graph.successors(v)) if graph.is_directed() else set(graph[v]) for v in graph}
    into = {v: set(graph.predecessors(v)) if graph.is_directed() else set() for v in graph}
    labels = {v: v for v in graph}
    for _ in range(rounds):
        new = {}
        for v in graph:
            seen = collections.Counter(labels[u] for u in out[v])
            seen.update(labels[u] for u in into[v])
            most = max(seen.values(), default=0)
            new[v] = min((x for x in seen if seen[x] == most), key=int, default=labels[v])
        labels = new
    return labels


def clustering(graph):
    """By the definition of LDBC Graphalytics."""
    values = {}
    for v in graph:
        near = (set(graph.successors(v)) | set(graph.predecessors(v))) - {v} if graph.is_directed() else set(graph[v]) - {v}
        links = sum(1 for a in near for b in near if a != b and graph.has_edge(a, b))
        values[v] = links / (len(near) * (len(near) - 1)) if len(near) > 1 else 0.0
    return values


def answers(rng, kind, directed):
    count = rng.randint(1, 9)
    names = [str(number) for number in range(count)]
    multi = nx.MultiDiGraph() if directed else nx.MultiGraph()
    multi.add_nodes_from(names)
    half = max(count // 2, 1)
    edges = []
    for number in range(rng.randint(0, 3 * count)):
        a, b = rng.choice(names), rng.choice(names)
        if kind == "disconnected":
            b = rng.choice(names[:half]) if int(a) < half else rng.choice(names[half:])
        if kind != "loops" and a == b:
            continue
        if kind != "parallel" and multi.has_edge(a, b):
            continue
        weight = rng.choice([1, 1, 2, 3]) if kind == "weighted" else 1
        multi.add_edge(a, b, key=f"k{number}", weight=weight)
        edges.append([a, b, f"k{number}", weight])
    simple = nx.DiGraph(multi) if directed else nx.Graph(multi)
    flat = nx.Graph(simple)
    flat.remove_edges_from(list(nx.selfloop_edges(flat)))
    flat_multi = nx.MultiGraph()
    flat_multi.add_nodes_from(names)
    flat_multi.add_weighted_edges_from((a, b, weight) for a, b, _, weight in edges if a != b)
    loopless = simple.copy()
    loopless.remove_edges_from(list(nx.selfloop_edges(loopless)))
    lengths = dict(nx.all_pairs_shortest_path_length(simple))
    farthest = {v: max(lengths[v].values()) for v in names}
    result = {
        "directed": directed, "nodes": names, "edges": edges,
        "distances": nx.single_source_dijkstra_path_length(multi, "0"),
        "labels": label_propagation(simple, 3),
        "clustering": rounded(clustering(simple)),
        "triangles": nx.triangles(flat), "cores": nx.core_number(flat),
        "eccentricity": farthest, "diameter": max(farthest.values()),
        "bridges": sorted(sorted(edge) for edge in nx.bridges(flat_multi)),
        "articulation": sorted(nx.articulation_points(flat)),
        "forest": sum(d["weight"] for _, _, d in nx.minimum_spanning_edges(flat_multi, keys=False, data=True)),
        "closure": sorted(map(list, nx.transitive_closure(nx.DiGraph(simple), reflexive=False).edges())) if directed else None,
        "reduction": sorted(map(list, nx.transitive_reduction(simple).edges()))
        if directed and nx.is_directed_acyclic_graph(simple) else None,
        "condensed": nx.condensation(simple).number_of_edges() if directed else None,
    }
    if count > 1:
        sums = nx.DiGraph()
        sums.add_nodes_from(names)
        for a, b, _, weight in edges:
            for x, y in [(a, b)] + ([] if directed else [(b, a)]):
                if x != y:
                    sums.add_edge(x, y, capacity=(sums[x][y]["capacity"] if sums.has_edge(x, y) else 0) + weight)
        # NetworkX gives none where an edge leads back.
        result["edgeCut"] = nx.maximum_flow_value(sums, "0", "1")
        if not loopless.has_edge("0", "1") and not loopless.has_edge("1", "0"):
            result["nodeCut"] = len(nx.minimum_node_cut(loopless, "0", "1")) if nx.has_path(loopless, "0", "1") else 0
        reached = nx.immediate_dominators(simple if directed else simple.to_directed(), "0")
        result["dominators"] = {v: d for v, d in reached.items() if v != "0"}
    # Parallel edges count each: as weights of one.
    counted = nx.DiGraph() if directed else nx.Graph()
    counted.add_nodes_from(names)
    for a, b, _, _ in edges:
        counted.add_edge(a, b, weight=(counted[a][b]["weight"] if counted.has_edge(a, b) else 0) + 1)
    matrix = nx.to_numpy_array(counted, weight="weight")
    largest = max(abs(numpy.linalg.eigvals(matrix)), default=0)
    if count > 1 and largest * 0.05 < 0.9:
        result["katz"] = rounded(nx.katz_centrality_numpy(counted, alpha=0.05, weight="weight"))
    if count > 2 and (nx.is_strongly_connected(counted) if directed else nx.is_connected(counted)):
        result["eigenvector"] = rounded(nx.eigenvector_centrality_numpy(counted, weight="weight"))
    singular = sorted(numpy.linalg.svd(matrix, compute_uv=False), reverse=True)
    if len(singular) > 1 and singular[1] < 0.95 * singular[0]:
        hubs, authorities = nx.hits(counted)
        result["hubs"], result["authorities"] = rounded(hubs), rounded(authorities)
    if edges:
        assortativity = nx.degree_assortativity_coefficient(multi)
        result["assortativity"] = None if math.isnan(assortativity) else float(f"{assortativity:.10g}")
        if loopless.number_of_edges():
            result["reciprocity"] = nx.overall_reciprocity(loopless) if directed else 1.0
        result["modularity"] = max(
            nx.community.modularity(flat_multi, nx.community.louvain_communities(flat_multi, seed=seed))
            for seed in range(5)) if kind != "loops" and flat_multi.number_of_edges() else None
    return result


rng = random.Random(7)
graphs = []
for kind in ("plain", "loops", "parallel", "disconnected", "weighted"):
    for number in range(int(sys.argv[1])):
        graphs.append(answers(rng, kind, number % 2 == 0))
print("[" + ",\n".join(json.dumps(graph, separators=(",", ":")) for graph in graphs) + "]")

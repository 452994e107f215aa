#!/usr/bin/env python3
"""Writes what NetworkX says of some random graphs, for AnalysisTests:

    pip install networkx && Tests/KVGraphTests/NetworkX/expected.py > Tests/KVGraphTests/NetworkX/expected.json
"""
import json
import random

import networkx as nx

graphs = []
for seed in range(50):
    rng = random.Random(seed)
    count = rng.randint(2, 14)
    edges = sorted(
        {
            (rng.randrange(count), rng.choice("ab"), rng.randrange(count))
            for _ in range(rng.randint(1, 3 * count))
        }
    )
    if seed % 4 == 0:
        edges = [(a, kind, b) for a, kind, b in edges if a < b] or [(0, "a", 1)]
    multi = nx.MultiDiGraph((f"{a:02}", f"{b:02}") for a, _, b in edges)
    simple = nx.DiGraph(multi)
    loopless = nx.DiGraph(simple)
    loopless.remove_edges_from(list(nx.selfloop_edges(loopless)))
    dag = nx.is_directed_acyclic_graph(multi)
    graphs.append(
        {
            "edges": [[f"{a:02}", kind, f"{b:02}"] for a, kind, b in edges],
            "weak": sorted(sorted(c) for c in nx.weakly_connected_components(multi)),
            "strong": sorted(sorted(c) for c in nx.strongly_connected_components(multi)),
            "order": list(nx.lexicographical_topological_sort(simple)) if dag else None,
            "pagerank": nx.pagerank(multi, tol=1e-14, max_iter=10000),
            "closeness": nx.closeness_centrality(simple),
            "betweenness": nx.betweenness_centrality(loopless),
            "degree": dict(multi.degree()),
        }
    )
print("[" + ",\n".join(json.dumps(graph, separators=(",", ":")) for graph in graphs) + "]")

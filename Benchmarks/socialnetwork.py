#!/usr/bin/env python3
"""Counts patterns in a social network, as LDBC's subgraph queries (LSQB, github.com/ldbc/lsqb) do, with kv and with LadybugDB
where Python has it (pip install ladybug): answers side by side, and seconds as medians of several runs.

    Benchmarks/socialnetwork.py [--data FOLDER | --persons 1500] [--runs 3] [--limit 300]

With --data: a folder of LSQB's own files ("projected-fk": City.csv, City_isPartOf_Country.csv ...); else a network of so many persons is made, in the
proportions of those, with few popular persons and tags and many that are not. kv's seconds are of whole commands; LadybugDB's are of queries in a
process that has the database open. A query that takes longer than --limit seconds has no answer.
"""
import argparse
import collections
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

# One text for both: a message is a post or a comment.
QUERIES = [
    "(:Country)<-[:isPartOf]-(:City)<-[:isLocatedIn]-(:Person)<-[:hasMember]-(:Forum)-[:containerOf]->(:Post)"
    "<-[:replyOf]-(:Comment)-[:hasTag]->(:Tag)-[:hasType]->(:TagClass)",
    "(a:Person)-[:knows]-(b:Person), (a)<-[:hasCreator]-(:Comment)-[:replyOf]->(:Post)-[:hasCreator]->(b)",
    "(a:Person)-[:isLocatedIn]->(:City)-[:isPartOf]->(country:Country) "
    "MATCH (b:Person)-[:isLocatedIn]->(:City)-[:isPartOf]->(country) "
    "MATCH (c:Person)-[:isLocatedIn]->(:City)-[:isPartOf]->(country) "
    "MATCH (a)-[:knows]-(b)-[:knows]-(c)-[:knows]-(a)",
    "(:Tag)<-[:hasTag]-(m:Post|Comment)-[:hasCreator]->(:Person), (m)<-[:likes]-(:Person), (m)<-[:replyOf]-(:Comment)",
    "(x:Tag)<-[:hasTag]-(:Post|Comment)<-[:replyOf]-(:Comment)-[:hasTag]->(y:Tag) WHERE x <> y",
    "(a:Person)-[:knows]-(:Person)-[:knows]-(c:Person)-[:hasInterest]->(:Tag) WHERE a <> c",
    "(:Tag)<-[:hasTag]-(m:Post|Comment)-[:hasCreator]->(:Person) "
    "OPTIONAL MATCH (m)<-[:likes]-(liker:Person) OPTIONAL MATCH (m)<-[:replyOf]-(reply:Comment)",
    "(x:Tag)<-[:hasTag]-(:Post|Comment)<-[:replyOf]-(c:Comment)-[:hasTag]->(y:Tag) "
    "WHERE x <> y AND NOT (c)-[:hasTag]->(x)",
    "(a:Person)-[:knows]-(:Person)-[:knows]-(c:Person)-[:hasInterest]->(:Tag) WHERE a <> c AND NOT (a)-[:knows]-(c)",
]


def network(folder, persons):
    """Writes a network: the same one for the same number of persons."""
    source = random.Random(persons)
    sizes = {
        "Continent": 6, "Country": 111, "City": 1343, "University": 6380, "Company": 1575, "TagClass": 71, "Tag": 16080,
        "Person": persons, "Forum": persons * 9, "Post": persons * 85, "Comment": persons * 100}
    first, number = {}, 0
    for label, size in sizes.items():
        first[label], number = number, number + size

    def node(label):
        return first[label] + source.randrange(sizes[label])

    def popular(label):
        """The few are chosen often: by the square of an even number."""
        return first[label] + int(sizes[label] * source.random() ** 3)

    edges = collections.defaultdict(set)

    def each(start, type, end, choose=node):
        for place in range(sizes[start]):
            edges[start, type, end].add((first[start] + place, choose(end)))

    def some(start, type, end, count, choose=popular, begin=node):
        chosen = edges[start, type, end]
        for _ in range(count):
            pair = (begin(start), choose(end))
            if pair[0] != pair[1]:
                chosen.add(pair)

    each("City", "isPartOf", "Country")
    each("Country", "isPartOf", "Continent")
    each("University", "isLocatedIn", "City")
    each("Company", "isLocatedIn", "Country")
    each("Tag", "hasType", "TagClass", popular)
    some("TagClass", "isSubclassOf", "TagClass", 70)
    each("Person", "isLocatedIn", "City", popular)
    some("Person", "studyAt", "University", persons * 4 // 5)
    some("Person", "workAt", "Company", persons * 2)
    some("Person", "hasInterest", "Tag", persons * 23)
    some("Person", "knows", "Person", persons * 10)
    # Stored once: to whom one is known, one knows.
    known = edges["Person", "knows", "Person"]
    for a, b in list(known):
        if a < b and (b, a) in known:
            known.discard((b, a))
    each("Forum", "hasModerator", "Person", popular)
    some("Forum", "hasMember", "Person", persons * 80, begin=popular)
    some("Forum", "hasTag", "Tag", persons * 30)
    for place in range(sizes["Post"]):
        edges["Forum", "containerOf", "Post"].add((popular("Forum"), first["Post"] + place))
    for label in ("Post", "Comment"):
        each(label, "hasCreator", "Person", popular)
        each(label, "isLocatedIn", "Country", popular)
    some("Post", "hasTag", "Tag", persons * 15)
    some("Comment", "hasTag", "Tag", persons * 120)
    for place in range(sizes["Comment"]):
        comment = first["Comment"] + place
        if place == 0 or source.random() < 0.5:
            edges["Comment", "replyOf", "Post"].add((comment, popular("Post")))
        else:
            edges["Comment", "replyOf", "Comment"].add((comment, first["Comment"] + source.randrange(place)))
    some("Person", "likes", "Post", persons * 40)
    some("Person", "likes", "Comment", persons * 45)
    for label, size in sizes.items():
        with open(f"{folder}/{label}.csv", "w") as file:
            file.write(f"id:ID({label})\n")
            file.writelines(f"{first[label] + place}\n" for place in range(size))
    for (start, type, end), pairs in edges.items():
        with open(f"{folder}/{start}_{type}_{end}.csv", "w") as file:
            file.write(f":START_ID({start})|:END_ID({end})\n")
            file.writelines(f"{a}|{b}\n" for a, b in sorted(pairs))


def files(folder):
    """The files of nodes by label, and those of edges by type: start, end, path."""
    nodes, edges = {}, collections.defaultdict(list)
    for name in sorted(os.listdir(folder)):
        parts = name.removesuffix(".csv").split("_")
        if name.endswith(".csv") and len(parts) == 1:
            nodes[parts[0]] = f"{folder}/{name}"
        elif name.endswith(".csv"):
            edges[parts[1]].append((parts[0], parts[2], f"{folder}/{name}"))
    return nodes, edges


def median(ask, runs, limit):
    """The answer and the median of its seconds; none where the first run takes longer than the limit."""
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        answer = ask()
        times.append(time.perf_counter() - start)
        if answer is None or times[0] > limit:
            break
    return answer, statistics.median(times)


def kv(folder, nodes, edges, runs, limit):
    command = ["swift", "build", "-c", "release", "--static-swift-stdlib", "--package-path", ROOT]
    program = os.environ.get("KV_BIN")
    if not program:
        subprocess.run(command + ["--product", "kv"], check=True, stdout=subprocess.DEVNULL)
        path = subprocess.run(command + ["--show-bin-path"], check=True, capture_output=True, text=True).stdout.strip()
        program = f"{path}/kv"
    database = f"{folder}/network.db"

    def run(*arguments):
        return subprocess.run(
            [program, "graph", *arguments, "--connection", database], capture_output=True, text=True)

    start = time.perf_counter()
    run("import", *nodes.values()).check_returncode()
    for type, tables in edges.items():
        run("import", "--edge-type", type, *(path for _, _, path in tables)).check_returncode()
    print(f"kv: imported in {time.perf_counter() - start:.1f} s", file=sys.stderr)
    # The first query of a process that walks the whole graph makes the file that the next begin with.
    run("snapshot").check_returncode()

    def ask(query):
        answer = run("query", f"MATCH {query} RETURN count(*) AS count", "--format", "csv", "--timeout", f"{limit}s")
        return int(answer.stdout.split()[1]) if answer.returncode == 0 else None

    return [median(lambda: ask(query), runs, limit) for query in QUERIES]


def ladybug(folder, nodes, edges, runs, limit):
    import ladybug

    database = ladybug.Connection(ladybug.Database(f"{folder}/network.lbug"))
    database.set_query_timeout(limit * 1000)
    start = time.perf_counter()
    for label, path in nodes.items():
        database.execute(f"CREATE NODE TABLE {label}(id INT64, PRIMARY KEY(id))")
        database.execute(f"COPY {label} FROM '{path}' (header=true, delim='|')")
    for type, tables in edges.items():
        database.execute(f"CREATE REL TABLE {type}({', '.join(f'FROM {start} TO {end}' for start, end, _ in tables)})")
        for begin, end, path in tables:
            database.execute(f"COPY {type} FROM '{path}' (header=true, delim='|', from='{begin}', to='{end}')")
    print(f"LadybugDB: imported in {time.perf_counter() - start:.1f} s", file=sys.stderr)

    def ask(query):
        try:
            return database.execute(f"MATCH {query} RETURN count(*)").get_next()[0]
        except RuntimeError as error:
            print(f"LadybugDB: {str(error).splitlines()[0]}", file=sys.stderr)
            return None

    return [median(lambda: ask(query), runs, limit) for query in QUERIES]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data")
    parser.add_argument("--persons", type=int, default=1500)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--limit", type=int, default=300)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data = options.data or folder
        if not options.data:
            network(folder, options.persons)
        nodes, edges = files(data)
        columns = {}
        for name, measure in (("kv", kv), ("LadybugDB", ladybug)):
            try:
                columns[name] = measure(folder, nodes, edges, options.runs, options.limit)
            except ImportError:
                print(f"{name} is not there", file=sys.stderr)
        print("| query |" + "".join(f" {name}: count | seconds |" for name in columns))
        print("|---|" + "---|---|" * len(columns))
        for number, row in enumerate(zip(*columns.values()), 1):
            cells = "".join(f" {'–' if count is None else f'{count:,}'} | {time:.3f} |" for count, time in row)
            print(f"| {number} |{cells}")
        if any(len({count for count, _ in row if count is not None}) > 1 for row in zip(*columns.values())):
            sys.exit("the answers differ")


if __name__ == "__main__":
    main()

"""Makes a wheel that carries the program (packaging.python.org, binary distribution format).

Usage: wheel.py VERSION MACHINE PROGRAM FOLDER"""

import base64
import hashlib
import pathlib
import sys
import zipfile

version, machine, program, folder = sys.argv[1:]
tag = f"py3-none-manylinux_2_36_{machine}"
name = f"kv_graph-{version}"
readme = pathlib.Path("README.md").read_text()
files = {
    f"{name}.data/scripts/kv": (pathlib.Path(program).read_bytes(), 0o755),
    f"{name}.dist-info/METADATA": (
        f"Metadata-Version: 2.1\nName: kv-graph\nVersion: {version}\n"
        "Summary: A key/value store and property graph on SQLite, PostgreSQL and rqlite\n"
        "License: MIT\nDescription-Content-Type: text/markdown\n\n".encode() + readme.encode(), 0o644),
    f"{name}.dist-info/WHEEL": (
        f"Wheel-Version: 1.0\nGenerator: kv\nRoot-Is-Purelib: false\nTag: {tag}\n".encode(), 0o644),
    f"{name}.dist-info/licenses/LICENSE": (pathlib.Path("LICENSE").read_bytes(), 0o644),
    f"{name}.dist-info/licenses/LICENSES.md": (pathlib.Path("dist/LICENSES.md").read_bytes(), 0o644),
}
record = f"{name}.dist-info/RECORD"
lines = []
for path, (content, _) in files.items():
    digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
    lines.append(f"{path},sha256={digest},{len(content)}")
files[record] = (("\n".join(lines + [f"{record},,"]) + "\n").encode(), 0o644)
with zipfile.ZipFile(pathlib.Path(folder) / f"{name}-{tag}.whl", "w", zipfile.ZIP_DEFLATED) as wheel:
    for path, (content, mode) in files.items():
        # The same time in every wheel, so that the same program makes the same file.
        entry = zipfile.ZipInfo(path, (2000, 1, 1, 0, 0, 0))
        entry.external_attr = (0o100000 | mode) << 16
        entry.compress_type = zipfile.ZIP_DEFLATED
        wheel.writestr(entry, content)

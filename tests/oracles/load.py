"""Asks the DuckDB engine on the path to load extension files.

Reads lines `signed PATH` or `unsigned PATH`; prints one JSON object about the engine and one for each file.
"""
import json
import sys

import duckdb


def load(path, unsigned):
    # A database of its own for each file: an engine loads each extension once.
    database = duckdb.connect(config={"allow_unsigned_extensions": "true" if unsigned else "false"})
    try:
        database.execute("LOAD '" + path.replace("'", "''") + "'")
    except Exception as error:
        return str(error)
    return None


version, commit = duckdb.connect().execute("SELECT library_version, source_id FROM pragma_version()").fetchone()
platform = duckdb.connect().execute("PRAGMA platform").fetchone()[0]
print(json.dumps({"version": version, "commit": commit, "platform": platform}))
for line in sys.stdin.read().splitlines():
    mode, path = line.split(" ", 1)
    print(json.dumps(load(path, mode == "unsigned")), flush=True)

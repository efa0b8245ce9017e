"""What a function's own code imports, read without running it."""

from __future__ import annotations

import ast
import re
import sys
import zipfile
from importlib import metadata
from pathlib import Path


def imported(archive: Path, entry: str) -> set[str]:
    """Top-level names outside the standard library that `entry` reaches through our own modules in the zip,
    imports inside functions included. Raises KeyError when one of ours is not in the zip."""
    with zipfile.ZipFile(archive) as bundle:
        ours = {_module(name): name for name in bundle.namelist() if _is_ours(name)}
        waiting, seen, others = [entry], set(), set()
        while waiting:
            module = waiting.pop()
            if module in seen:
                continue
            seen.add(module)
            for name in _names(bundle.read(ours[module]).decode(), set(ours)):
                if name.split(".")[0] in ("tasrih", "functions"):
                    waiting += _with_parents(name)
                else:
                    others.add(name.split(".")[0])
    return others - set(sys.stdlib_module_names)


def _is_ours(name: str) -> bool:
    return name.endswith(".py") and name.split("/", maxsplit=1)[0] in ("tasrih", "functions")


def _module(name: str) -> str:
    return name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _with_parents(name: str) -> list[str]:
    parts = name.split(".")
    return [".".join(parts[:count]) for count in range(1, len(parts) + 1)]


def _names(source: str, modules: set[str]) -> set[str]:
    """`from a import b` is `a.b` where that is a module of ours, else `a`. Imports for type checkers are left out."""
    found = set()
    for node in _run(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            inner = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= (inner & modules) | {node.module}
    return found


def _run(tree: ast.AST) -> list[ast.AST]:
    nodes: list[ast.AST] = []
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            continue
        nodes += [node, *_run(node)]
    return nodes


def distributions_of(names: set[str]) -> set[str]:
    """The installed distributions behind import names, with everything they require, normalized."""
    providers = metadata.packages_distributions()
    waiting = {_normal(providers[name][0]) for name in names}
    closed: set[str] = set()
    while waiting:
        name = waiting.pop()
        closed.add(name)
        for requirement in metadata.requires(name) or ():
            wanted, _, marker = requirement.partition(";")
            if "extra ==" not in marker and not _only_elsewhere(marker):
                waiting |= {_normal(re.match(r"[\w.-]+", wanted)[0])} - closed  # type: ignore[index]  # a name begins it
    return closed


def _only_elsewhere(marker: str) -> bool:
    """Older Pythons and other systems: never true in a function."""
    return "python_version <" in marker or "python_full_version <" in marker or "Windows" in marker


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()

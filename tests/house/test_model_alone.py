"""The model of an employer's account shares no code with what it judges, and the check can fail."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOADERS = {"importlib", "runpy", "pkgutil", "subprocess", "sys", "ctypes"}
"""Of the standard library, what could bring in other code by name."""


def foreign(text: str) -> Iterator[str]:
    """What a module of the model uses that is neither the model's own nor of the standard library."""
    for node in ast.walk(ast.parse(text)):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = ["." if node.level else f"{node.module}"]
        elif isinstance(node, ast.Name) and node.id in ("__import__", "exec", "eval", "__builtins__"):
            yield node.id
        yield from (name for name in names if not own(name))


def own(name: str) -> bool:
    first = name.partition(".")[0]
    if first in sys.stdlib_module_names:
        return first not in LOADERS
    return name == "tests.model" or name.startswith("tests.model.")


def test_the_model_uses_nothing_but_itself_and_the_standard_library() -> None:
    modules = list((ROOT / "tests" / "model").rglob("*.py"))
    assert len(modules) > 2
    assert {path.name: list(foreign(path.read_text("utf-8"))) for path in modules} == {
        path.name: [] for path in modules
    }


@pytest.mark.parametrize(
    "planted",
    [
        "import tasrih.ledger",
        "from tasrih.assessment import assess_dac",
        "from tasrih.assessment.rounding import half_up",
        "from tests.histories.books import Books",
        "from tests import histories",
        "from . import dues",
        "import importlib",
        "def later():\n    from tasrih import law",
        "__import__('tasrih.ledger')",
        "exec('import tasrih')",
    ],
)
def test_a_planted_violation_is_found(planted: str) -> None:
    text = (ROOT / "tests" / "model" / "fund.py").read_text("utf-8")
    assert list(foreign(f"{text}\n{planted}\n"))

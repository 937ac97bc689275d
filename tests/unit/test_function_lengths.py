"""No function of the product is longer than a reader can hold."""

import ast
from collections.abc import Iterator
from pathlib import Path

import wording

ROOT = Path(wording.__file__).parent.parent
ROOMS = sorted({path.parent for path in ROOT.glob("*/__init__.py")} - {ROOT / "tests"})
MOST_LINES = 40


def body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Return the lines from the first statement after the docstring to the end."""
    body = function.body[ast.get_docstring(function, clean=False) is not None :]
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def functions(source: str) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Yield every function of a module, methods and nested functions included."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def test_a_body_is_counted_without_its_docstring():
    source = 'def f():\n    """One\n    two."""\n    a = (\n        1\n    )\n    return a\n'
    assert [body_lines(function) for function in functions(source)] == [4]
    assert [body_lines(function) for function in functions('def f():\n    """Doc."""\n')] == [0]


def test_no_function_body_is_over_40_lines():
    modules = [ROOT / "app.py", *(path for room in ROOMS for path in room.rglob("*.py"))]
    long = [
        f"{path.relative_to(ROOT)}: {function.name}, {body_lines(function)} lines"
        for path in modules
        for function in functions(path.read_text(encoding="utf-8"))
        if body_lines(function) > MOST_LINES
    ]
    assert long == []

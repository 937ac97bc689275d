"""
The client as one script, for the standalone map file: its modules, each in a function.

A browser loads no module from a file on a disk, and a strict Content-Security-Policy knows no
address inside a document. So the same modules that the page loads one by one are written one
after another, what they import passed from one to the next.
"""

import re
from collections.abc import Iterator, Mapping

NAME = "modules"
"""Name of the object that holds every module's exports by file name."""

_IMPORT = re.compile(r'^import \{([^}]*)\} from "\./([\w.]+)";$', re.MULTILINE)
_EXPORT = re.compile(r"^export ((?:async )?function|const|class) (\w+)", re.MULTILINE)
_LEFT = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)
_RENAMED = re.compile(r"\bas\b")


def bundle(modules: Mapping[str, str]) -> str:
    """
    Return a script that defines `NAME` with the exports of every module.

    Parameters
    ----------
    modules : mapping of str to str
        Source by file name. A module imports names from its siblings and exports declarations of
        functions, constants and classes, each statement at the beginning of a line.

    Raises
    ------
    ValueError
        For any other kind of import or export, one of a module that is not there, or a circle.
    """
    order = list(_in_order(modules))
    return "\n".join([f"const {NAME} = {{}};", *(_wrapped(name, modules[name]) for name in order)])


def _wrapped(name: str, source: str) -> str:
    body = _IMPORT.sub(_taken, _EXPORT.sub(r"\1 \2", source))
    left = _LEFT.search(body)
    if left:
        raise ValueError(f"{name}: cannot be bundled: {left.group()!r}")
    exports = ", ".join(match.group(2) for match in _EXPORT.finditer(source))
    return f'{NAME}["{name}"] = (() => {{\n{body}\nreturn {{ {exports} }};\n}})();'


def _taken(match: re.Match[str]) -> str:
    """Return the statement that takes imported names out of a module wrapped before."""
    return f'const {{{_RENAMED.sub(":", match.group(1))}}} = {NAME}["{match.group(2)}"];'


def _in_order(modules: Mapping[str, str]) -> Iterator[str]:
    """Yield every module after those that it imports."""
    done: set[str] = set()

    def visit(name: str, above: tuple[str, ...]) -> Iterator[str]:
        if name in above:
            raise ValueError(
                f"modules import one another in a circle: {' > '.join([*above, name])}"
            )
        if name in done:
            return
        if name not in modules:
            raise ValueError(f"{above[-1]}: imports {name}, which is not there")
        for match in _IMPORT.finditer(modules[name]):
            yield from visit(match.group(2), (*above, name))
        done.add(name)
        yield name

    for name in modules:
        yield from visit(name, ())

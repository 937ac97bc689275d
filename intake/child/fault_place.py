"""Where in a file an engine gave up; its own sentence, which may name our paths, is not said."""

import re

_LINE = re.compile(r"\bline:? (\d+)(?:,? (?:and )?col(?:umn)?:? (\d+))?", re.IGNORECASE)
_OFFSET = re.compile(r"\b(?:char|byte|position|offset):? (\d+)", re.IGNORECASE)


def fault_place(error: Exception | str) -> str:
    """Return ``5:3`` for line and column, ``@120`` for an offset, "" where none is said."""
    text = str(error)
    if found := _LINE.search(text):
        return ":".join(filter(None, found.groups()))
    found = _OFFSET.search(text)
    return f"@{found.group(1)}" if found else ""

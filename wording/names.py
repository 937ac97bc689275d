"""Names: what a numbered building, stair unit or gate is called in either language."""

import re
from functools import lru_cache

from wording.text import Language

_PART = re.compile(r"([0-9]{1,4})\s?(号楼|单元|号门)")
_ENGLISH = {"号楼": "Building", "单元": "Unit", "号门": "Gate"}


@lru_cache(maxsize=4096)
def numbered(name: str, language: Language) -> str:
    """
    Return a name in a language, as it is unless it is nothing but numbers of plain things.

    Parameters
    ----------
    name : str
        As the survey wrote it: ``"1号楼 2单元"`` is ``"Building 1 Unit 2"`` in English.
    language : {"zh", "en"}
        Asked for.
    """
    if language == "zh" or _PART.sub("", name).strip():
        return name
    return " ".join(f"{_ENGLISH[kind]} {number}" for number, kind in _PART.findall(name)) or name

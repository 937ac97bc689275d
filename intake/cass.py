"""
CASS: the columns of its files of points, and its codes of what is drawn.

In a drawing the code of an outline is in its extended data (XDATA) under the application SOUTH. The
layer JMD holds houses (141...) beside balconies, steps, walls and fences.
"""

import re
from collections.abc import Sequence

from intake.reading import Cell

FORMAT = "cass"
NUMBER = "点号"
CODE = "编码"
HEADINGS = (NUMBER, CODE, "东坐标", "北坐标", "高程")
DRAWN_CODE = "SOUTH"
"""What the column of codes of a drawing is called."""

_CODE = re.compile(r"\d{6}(-\d+)?")
_HOUSE = re.compile(r"141(?![34])")  # 1413: still being built; 1414: ruined


def no_houses(codes: Sequence[Cell]) -> dict[int, str]:
    """Return the codes that are of no house, by position; what is no code says nothing."""
    texts = ((at, str(cell).strip()) for at, cell in enumerate(codes) if cell is not None)
    return {at: code for at, code in texts if _CODE.fullmatch(code) and not _HOUSE.match(code)}

"""
Candidate sites 候选用地: where a new facility could stand, as a point at its entrance.

`kinds` names the kinds of facility that may stand there, by code or label, parted by commas; any
kind where it is empty. A site of which nobody wrote down a state is free.
"""

import re

from layers.facilities import KINDS
from layers.spec import Column, LayerSpec, amount
from wording import Text

_PARTED = re.compile(r"[、,，;；/|\n]+")
_CODES = {name: code for code, label in KINDS.items() for name in (code, label.zh, label.en)}
STATES = {
    "available": Text("可用", "available"),
    "reserved": Text("已有安排", "reserved"),
    "unavailable": Text("不可用", "not available"),
}

SPEC = LayerSpec(
    "candidate_sites",
    "候选用地",
    "candidate sites",
    "Point",
    (
        Column("candidate_id", "str", "候选用地编号", "candidate site id", required=True),
        Column("name", "str", "候选用地名称", "candidate site"),
        Column("kinds", "str", "可建设施类型", "kinds allowed"),
        Column("state", "str", "用地状态", "state", codes=STATES),
        Column("estate_id", "str", "所属小区", "estate", refers_to="estates"),
        Column("owner", "str", "权属单位", "owner"),
        Column(
            "floor_area_m2", "float", "可用建筑面积", "floor area", "m²", least=0, usual=(3, 500000)
        ),
        Column(
            "land_area_m2", "float", "可用用地面积", "land area", "m²", least=0, usual=(3, 1000000)
        ),
        amount(
            "capacity", "float", "可设容量（床/座/格口/学位）", "capacity (places)", "", (1, 10000)
        ),
        Column(
            "cost_yuan", "float", "建设费用", "cost of a facility", "元", least=0, usual=(1000, 1e9)
        ),
    ),
)


def kinds_named(cell: object) -> dict[str, str | None]:
    """Return what a cell of `kinds` names, in order, with its code; None: no kind is called so."""
    parts = [part.strip() for part in _PARTED.split(cell)] if isinstance(cell, str) else []
    words = [word for part in parts for word in ([part] if part in _CODES else part.split())]
    return {word: _CODES.get(word) for word in words}

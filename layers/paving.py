"""Paving 铺装: carriageways, bays and hard ground as surfaces; nothing is planted on them."""

from layers.spec import Column, LayerSpec
from wording import Text

KINDS = {
    "road": Text("道路", "carriageway"),
    "footway": Text("人行道", "footway"),
    "parking": Text("停车位", "parking bays"),
    "square": Text("硬质场地", "hard ground"),
}

SPEC = LayerSpec(
    "paving",
    "铺装",
    "paving",
    "Polygon",
    (
        Column("paving_id", "str", "铺装编号", "paving id", required=True),
        Column("kind", "str", "类型", "kind", codes=KINDS, required=True),
        Column("estate_id", "str", "所属小区", "estate", refers_to="estates"),
    ),
)

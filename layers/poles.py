"""Poles 杆柱: street lamps and the poles that carry power or telecom lines."""

from layers.spec import Column, LayerSpec
from wording import Text

KINDS = {
    "lamp": Text("路灯杆柱", "lamp post"),
    "power": Text("电力杆柱", "power pole"),
    "telecom": Text("电信杆柱", "telecom pole"),
}

SPEC = LayerSpec(
    "poles",
    "杆柱",
    "poles",
    "Point",
    (
        Column("pole_id", "str", "杆柱编号", "pole id", required=True),
        Column("kind", "str", "类型", "kind", codes=KINDS),
        Column("is_working", "bool", "灯具正常", "lamp works"),
        Column("estate_id", "str", "所属小区", "estate", refers_to="estates"),
    ),
)

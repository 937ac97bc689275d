"""
Walls 墙体: building walls whose windows were surveyed, enclosure walls and retaining walls.

A building wall lies on its building's outline. Where no wall is drawn, an outline is taken to have
windows, which is the stricter case.
"""

from layers.spec import Column, LayerSpec
from wording import Text

KINDS = {
    "building": Text("建筑外墙", "building wall"),
    "enclosure": Text("围墙", "enclosure wall"),
    "retaining": Text("挡土墙", "retaining wall"),
}

SPEC = LayerSpec(
    "walls",
    "墙体",
    "walls",
    "LineString",
    (
        Column("wall_id", "str", "墙体编号", "wall id", required=True),
        Column("kind", "str", "类型", "kind", codes=KINDS, required=True),
        Column("building_id", "str", "所属楼栋", "building", refers_to="buildings"),
        Column("estate_id", "str", "所属小区", "estate", refers_to="estates"),
        Column("has_windows", "bool", "有窗", "has windows"),
        Column("height_m", "float", "墙高", "height", "m", least=0, most=100, plausible=(0.2, 20)),
    ),
)

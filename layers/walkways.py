"""
Walkways 步行道: the lines people walk along; lines meet where they share end points.

A wall, a closed gate or a canal is the absence of a line.
"""

from layers.spec import Column, LayerSpec, amount
from wording import Text

KINDS = {
    "sidewalk": Text("人行道", "sidewalk"),
    "crossing": Text("人行横道", "crossing"),
    "lane": Text("小区道路", "estate lane"),
    "path": Text("宅间步道", "path"),
    "bridge": Text("桥", "bridge"),
    "stairs": Text("台阶", "stairs"),
}

SPEC = LayerSpec(
    "walkways",
    "步行道",
    "walkways",
    "LineString",
    (
        Column("walkway_id", "str", "步行道编号", "walkway id", required=True),
        Column("kind", "str", "类型", "kind", codes=KINDS),
        Column("name", "str", "道路名称", "name"),
        Column("estate_id", "str", "所属小区", "estate", refers_to="estates"),
        Column("is_step_free", "bool", "无台阶", "step-free"),
        amount("width_m", "float", "净宽", "clear width", "m", (0.3, 60)),
    ),
)

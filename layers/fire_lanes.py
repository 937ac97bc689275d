"""Fire lanes 消防车道 and climbing areas 登高操作场地: ground that must stay free of trunks."""

from layers.spec import Column, LayerSpec
from wording import Text

KINDS = {
    "lane": Text("消防车道", "fire lane"),
    "climbing": Text("消防车登高操作场地", "climbing area"),
}

SPEC = LayerSpec(
    "fire_lanes",
    "消防车道与登高场地",
    "fire lanes and climbing areas",
    "Polygon",
    (
        Column("lane_id", "str", "编号", "lane id", required=True),
        Column("kind", "str", "类型", "kind", codes=KINDS, required=True),
        Column("estate_id", "str", "所属小区", "estate", refers_to="estates"),
        Column(
            "blocked_m",
            "float",
            "被占用宽度",
            "width taken",
            "m",
            least=0,
            most=100,
            plausible=(0.1, 30),
        ),
    ),
)

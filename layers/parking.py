"""
Parking 停车与充电: car parks, on-street bays, e-bike sheds, charging stations, at the entrance.

`spaces` counts formal (marked) car bays; `is_public` bays may be shared by every estate in reach.
"""

from layers.facilities import STATES
from layers.spec import Column, LayerSpec, amount
from wording import Text

KINDS = {
    "lot": Text("停车场", "car park"),
    "street": Text("路内停车", "on-street bays"),
    "garage": Text("停车库", "garage"),
    "charging_station": Text("公共充电站", "public charging station"),
    "ebike_shed": Text("电动自行车棚", "e-bike shed"),
}

SPEC = LayerSpec(
    "parking",
    "停车与充电",
    "parking and charging",
    "Point",
    (
        Column("parking_id", "str", "停车设施编号", "parking id", required=True),
        Column("kind", "str", "类型", "kind", codes=KINDS, required=True),
        Column("name", "str", "名称", "name"),
        Column("state", "str", "开放状态", "state", codes=STATES),
        Column("estate_id", "str", "所属小区", "estate", refers_to="estates"),
        Column("is_public", "bool", "可共享", "open to the public"),
        amount("spaces", "int", "车位数", "car bays", "个", (1, 10000)),
        amount("accessible_spaces", "int", "无障碍车位数", "accessible bays", "个", (1, 500)),
        amount("aisle_m", "float", "无障碍车位通道宽", "accessible side aisle", "m", (0.3, 10)),
        amount("ev_spaces", "int", "充电车位数", "bays with a working charger", "个", (1, 5000)),
        amount(
            "ev_ready_spaces", "int", "预留充电车位数", "bays ready for a charger", "个", (1, 5000)
        ),
        amount(
            "ebike_ports", "int", "电动自行车充电口数", "e-bike charging ports", "个", (1, 5000)
        ),
        amount("exit_m", "float", "至安全出口距离", "distance to a safety exit", "m", (0.1, 1000)),
        amount("wall_m", "float", "至外墙距离", "distance to the outer wall", "m", (0.1, 1000)),
    ),
)

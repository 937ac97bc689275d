"""
Estates 小区: the unit of renovation; every finding is about one of them.

Counts and shares that a survey writes down once an estate stand here; what can be measured from
other layers (green space, bays, walks) does not. So does what a survey left out: a layer without
rows in an estate means that there is none, unless `parking_surveyed` or its like says no.
"""

from collections.abc import Mapping

from layers.spec import Column, LayerSpec, amount

SURVEYED_WITH: Mapping[str, str] = {
    "parking": "parking_surveyed",
    "green_space": "greenery_surveyed",
    "trees": "greenery_surveyed",
    "pipelines": "pipes_surveyed",
    "paving": "ground_surveyed",
    "walls": "ground_surveyed",
    "poles": "ground_surveyed",
    "overhead_lines": "ground_surveyed",
    "fire_lanes": "ground_surveyed",
}
"""The column that says, of a layer, whether anybody looked in the estate; empty means yes."""

SPEC = LayerSpec(
    "estates",
    "小区",
    "estates",
    "Polygon",
    (
        Column("estate_id", "str", "小区编号", "estate id", required=True),
        Column("name", "str", "小区名称", "estate", required=True),
        Column("town_id", "str", "所属乡镇", "town", refers_to="towns"),
        Column("address", "str", "地址", "address"),
        Column("built_year", "int", "建成年份", "year built", least=1900, most=2100),
        amount("households", "int", "户数", "households", "户", (5, 20000)),
        amount("persons", "int", "人口", "persons", "人", (10, 60000)),
        amount("elders", "int", "60岁以上人口", "persons of 60 and over", "人", (1, 20000)),
        Column(
            "floor_area_m2", "float", "建筑面积", "floor area", "m²", least=0, usual=(200, 3000000)
        ),
        Column(
            "budget_yuan",
            "float",
            "估算投资",
            "estimated cost",
            "元",
            least=0,
            usual=(5000, 5000000000),
        ),
        Column(
            "property_room_m2",
            "float",
            "物业用房面积",
            "property room",
            "m²",
            least=0,
            usual=(2, 20000),
        ),
        amount("daily_parcels", "float", "日均快件量", "parcels a day", "件", (1, 50000)),
        amount("illegal_structures", "int", "违法建筑处数", "illegal structures", "处", (1, 1000)),
        amount("transformer_kva", "float", "变压器容量", "transformer rating", "kVA", (10, 50000)),
        amount("peak_load_kva", "float", "最大负荷", "peak load", "kVA", (1, 50000)),
        amount("signal_points", "int", "通信信号测点数", "signal survey points", "个", (1, 5000)),
        amount("signal_points_ok", "int", "信号达标测点数", "points with signal", "个", (1, 5000)),
        amount(
            "perimeter_protected_m",
            "float",
            "有防护的周界长度",
            "protected length",
            "m",
            (1, 20000),
        ),
        amount("cable_bundles", "int", "架空线缆处数", "overhead cable bundles", "处", (1, 2000)),
        Column(
            "transformer_headroom",
            "float",
            "变压器余量",
            "transformer headroom",
            "比例",
            least=-10,
            most=1,
            plausible=(-2, 1),
        ),
        Column(
            "signal_share", "float", "通信信号达标点比例", "usable signal", "比例", least=0, most=1
        ),
        Column("lit_share", "float", "照明覆盖道路比例", "lit path share", "比例", least=0, most=1),
        amount("seat_interval_m", "float", "座椅最大间距", "longest seatless path", "m", (1, 5000)),
        Column(
            "perimeter_share",
            "float",
            "周界防护比例",
            "protected perimeter",
            "比例",
            least=0,
            most=1,
        ),
        amount("trees_planted", "int", "补植株数", "trees replanted", "株", (1, 20000)),
        amount("trees_alive", "int", "成活株数", "replanted trees alive", "株", (1, 20000)),
        Column(
            "central_subsidised_before",
            "bool",
            "曾纳入中央补助改造计划",
            "in an earlier subsidised plan",
        ),
        Column(
            "expropriation_or_rebuild_planned",
            "bool",
            "拟征收或拆除重建",
            "to be expropriated or rebuilt",
        ),
        Column(
            "sangongyiye_same_content",
            "bool",
            "三供一业已实施相同内容",
            "same works in utility hand-over",
        ),
        Column("disguised_development", "bool", "涉及房地产开发", "development in disguise"),
        Column(
            "willing_share",
            "float",
            "同意改造户数比例",
            "households willing",
            "比例",
            least=0,
            most=1,
        ),
        Column("parking_surveyed", "bool", "停车已调查", "parking was surveyed"),
        Column("greenery_surveyed", "bool", "绿化已调查", "greenery was surveyed"),
        Column("pipes_surveyed", "bool", "管线已调查", "pipes were surveyed"),
        Column("ground_surveyed", "bool", "场地已调查", "paving, walls and lanes were surveyed"),
    ),
    natural_key=("name",),
)

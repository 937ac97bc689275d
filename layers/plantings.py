"""
Plantings 栽植点: the trees and shrubs a design puts into the greening sites.

Existing trees stand in `layers.trees`. `number` is what is written on the tag in the field.
`design_east_m` and `design_north_m` keep the designer's position once a planting has been moved.
A drawing leaves much unsaid: `greening.design.completed` says what then follows from the position
and the species.
"""

from layers.spec import Column, LayerSpec
from layers.trees import KINDS
from wording import Text

STATES = {
    "proposed": Text("拟栽", "proposed"),
    "planted": Text("已栽", "planted"),
    "removed": Text("取消", "taken out of the design"),
}

SPEC = LayerSpec(
    "plantings",
    "栽植点",
    "plantings",
    "Point",
    (
        Column("planting_id", "str", "栽植编号", "planting id", required=True),
        Column("number", "str", "现场编号", "number in the field"),
        Column("site_id", "str", "所属绿化点", "site", refers_to="greening_sites"),
        Column("estate_id", "str", "所属小区", "estate", refers_to="estates"),
        Column("kind", "str", "类型", "kind", codes=KINDS),
        Column("species_id", "str", "树种编号", "species id"),
        Column(
            "caliper_cm",
            "float",
            "胸径",
            "trunk diameter",
            "cm",
            least=0,
            most=100,
            plausible=(0.5, 60),
        ),
        Column(
            "height_m",
            "float",
            "苗高",
            "height as supplied",
            "m",
            least=0,
            most=30,
            plausible=(0.1, 20),
        ),
        Column(
            "crown_m",
            "float",
            "冠幅",
            "crown as supplied",
            "m",
            least=0,
            most=30,
            plausible=(0.1, 15),
        ),
        Column("age_years", "int", "苗龄", "age", "年", least=0, most=200),
        Column("state", "str", "状态", "state", codes=STATES),
        Column("planted_date", "date", "栽植日期", "planted on"),
        Column("is_alive", "bool", "成活", "alive"),
        Column("design_east_m", "float", "原设计横坐标", "easting as designed", "m"),
        Column("design_north_m", "float", "原设计纵坐标", "northing as designed", "m"),
    ),
)

"""Trees 树木: trunks as points; `diameter_cm` is the trunk's at breast height."""

from layers.spec import Column, LayerSpec
from wording import Text

KINDS = {
    "tree": Text("乔木", "tree"),
    "shrub": Text("灌木", "shrub"),
}

SPEC = LayerSpec(
    "trees",
    "树木",
    "trees",
    "Point",
    (
        Column("tree_id", "str", "树木编号", "tree id", required=True),
        Column("kind", "str", "类型", "kind", codes=KINDS, required=True),
        Column("estate_id", "str", "所属小区", "estate", refers_to="estates"),
        Column("species", "str", "树种", "species"),
        Column(
            "diameter_cm",
            "float",
            "胸径",
            "trunk diameter",
            "cm",
            least=0,
            most=1000,
            usual=(0.8, 300),
            plausible=(0.8, 250),
        ),
        Column(
            "crown_m",
            "float",
            "冠幅",
            "crown width",
            "m",
            least=0,
            most=60,
            usual=(0.1, 40),
            plausible=(0.1, 30),
        ),
        Column("planted_year", "int", "栽植年份", "year planted", least=1500, most=2100),
        Column("is_avenue", "bool", "行道树", "avenue tree"),
        Column(
            "height_m",
            "float",
            "树高",
            "height",
            "m",
            least=0,
            most=100,
            usual=(0.2, 60),
            plausible=(0.2, 40),
        ),
        Column("is_alive", "bool", "成活", "alive"),
    ),
)

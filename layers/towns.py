"""Towns 乡镇: outlines by which estates are listed, filtered and summed."""

from layers.spec import Column, LayerSpec

SPEC = LayerSpec(
    "towns",
    "乡镇",
    "towns",
    "Polygon",
    (
        Column("town_id", "str", "乡镇代码", "town code", required=True),
        Column("name", "str", "乡镇名称", "town", required=True),
        Column("schematic", "bool", "示意界线", "schematic outline"),
    ),
    natural_key=("name",),
)

"""Overhead lines 架空线: the vertical projection of the outermost conductor, where surveyed."""

from layers.spec import Column, LayerSpec
from wording import Text

KINDS = {
    "power": Text("电力线", "power line"),
    "telecom": Text("弱电线缆", "telecom cable"),
}

SPEC = LayerSpec(
    "overhead_lines",
    "架空线",
    "overhead lines",
    "LineString",
    (
        Column("line_id", "str", "架空线编号", "line id", required=True),
        Column("kind", "str", "类型", "kind", codes=KINDS),
        Column("name", "str", "线路名称", "line"),
        Column("voltage_kv", "float", "电压", "voltage", "kV", least=0, most=1200),
        Column(
            "height_m",
            "float",
            "导线对地高度",
            "height above ground",
            "m",
            least=0,
            most=100,
            plausible=(1, 60),
        ),
        Column("accuracy_m", "float", "探测精度", "survey accuracy", "m", least=0, most=100),
        Column("estate_id", "str", "所属小区", "estate", refers_to="estates"),
    ),
)

"""
Pipelines 管线: centre lines, with kind and sub-kind by the codes of CJJ 61 (source CJJ61-2017).

`diameter_mm` is the outer diameter; half of it is taken off every distance to the pipe's edge.
"""

from layers.spec import Column, LayerSpec
from wording import Text

KINDS = {
    "JS": Text("给水", "water"),
    "PS": Text("排水", "drainage"),
    "RQ": Text("燃气", "gas"),
    "RL": Text("热力", "heat"),
    "DL": Text("电力", "power"),
    "TX": Text("通信", "telecom"),
    "GY": Text("工业", "industrial"),
    "ZH": Text("综合管沟", "utility tunnel"),
    "BM": Text("不明管线", "unknown pipe"),
}

PIPES = {
    **KINDS,
    "JS": Text("供水管", "water pipe"),
    "PS": Text("排水管", "drain"),
    "RQ": Text("燃气管", "gas pipe"),
    "RL": Text("热力管", "heating pipe"),
    "DL": Text("电力管线", "power line"),
    "TX": Text("通信管线", "telecom line"),
    "GY": Text("工业管道", "industrial pipe"),
}
"""What one pipe of a kind is called."""

SUB_KINDS = {
    "JY": Text("原水", "raw water"),
    "SS": Text("输水", "transmission"),
    "ZS": Text("中水", "reclaimed water"),
    "JP": Text("配水", "distribution"),
    "JZ": Text("直饮水", "drinking water"),
    "XS": Text("消防水", "fire water"),
    "LS": Text("绿化水", "irrigation"),
    "JH": Text("循环水", "circulating water"),
    "YS": Text("雨水", "storm drain"),
    "WS": Text("污水", "sewer"),
    "HS": Text("雨污合流", "combined sewer"),
    "MQ": Text("煤气", "coal gas"),
    "YH": Text("液化气", "liquefied gas"),
    "TR": Text("天然气", "natural gas"),
    "RS": Text("热水", "hot water"),
    "ZQ": Text("蒸汽", "steam"),
    "GD": Text("供电", "supply"),
    "LD": Text("路灯", "street lighting"),
    "XH": Text("交通信号", "traffic signal"),
    "DC": Text("电车", "trolley"),
    "GG": Text("广告", "advertising"),
    "DH": Text("电话", "telephone"),
    "DS": Text("有线电视", "cable television"),
    "XX": Text("信息网络", "data network"),
    "GB": Text("广播", "broadcast"),
}

PRESSURES = {
    "low": Text("低压", "low"),
    "medium_b": Text("中压B", "medium B"),
    "medium_a": Text("中压A", "medium A"),
    "sub_high_b": Text("次高压B", "sub-high B"),
    "sub_high_a": Text("次高压A", "sub-high A"),
}

LAYING = {
    "direct": Text("直埋", "direct burial"),
    "duct": Text("管块", "duct"),
    "trench": Text("管沟", "trench"),
    "overhead": Text("架空", "overhead"),
}

SPEC = LayerSpec(
    "pipelines",
    "管线",
    "pipelines",
    "LineString",
    (
        Column("pipe_id", "str", "管线编号", "pipe id", required=True),
        Column("kind", "str", "管类代码", "kind", codes=KINDS, required=True),
        Column("sub_kind", "str", "子类代码", "sub-kind", codes=SUB_KINDS),
        Column("estate_id", "str", "所属小区", "estate", refers_to="estates"),
        Column(
            "diameter_mm",
            "float",
            "外径",
            "outer diameter",
            "mm",
            least=0,
            most=5000,
            usual=(10, 4000),
        ),
        Column("material", "str", "材质", "material"),
        Column("year", "int", "敷设年份", "year laid", least=1900, most=2100),
        Column(
            "depth_m", "float", "埋深", "depth of cover", "m", least=0, most=50, usual=(0.05, 20)
        ),
        Column(
            "accuracy_m",
            "float",
            "探测精度",
            "survey accuracy",
            "m",
            least=0,
            most=100,
            plausible=(0.001, 5),
        ),
        Column("pressure", "str", "压力级别", "pressure class", codes=PRESSURES),
        Column("laid", "str", "敷设方式", "laying", codes=LAYING),
        Column("is_hazard", "bool", "评估存在隐患", "assessed hazardous"),
        Column("is_cross_connected", "bool", "雨污混接", "cross-connected"),
    ),
)

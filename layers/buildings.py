"""Buildings 楼栋: footprints, storeys, households, state of roof, walls and fire lane."""

from layers.spec import Column, LayerSpec, amount
from wording import Text

USES = {
    "residential": Text("住宅", "residential"),
    "other": Text("其他", "other"),
}

SPEC = LayerSpec(
    "buildings",
    "楼栋",
    "buildings",
    "Polygon",
    (
        Column("building_id", "str", "楼栋编号", "building id", required=True),
        Column("estate_id", "str", "所属小区", "estate", refers_to="estates"),
        Column("name", "str", "楼栋名称", "building"),
        Column("use", "str", "用途", "use", codes=USES),
        Column("storeys", "int", "层数", "storeys", "层", least=1, most=200, plausible=(1, 34)),
        Column("height_m", "float", "建筑高度", "height", "m", least=0, most=1000, usual=(2, 500)),
        Column("has_permit", "bool", "有规划许可", "permitted"),
        Column("structure", "str", "结构", "structure"),
        Column("built_year", "int", "建成年份", "year built", least=1900, most=2100),
        amount("households", "int", "户数", "households", "户", (1, 1000)),
        Column(
            "floor_area_m2", "float", "建筑面积", "floor area", "m²", least=0, usual=(20, 500000)
        ),
        amount("roof_leaks", "int", "屋面渗漏处数", "roof leaks", "处", (1, 200)),
        amount("wall_hazards", "int", "外墙脱落隐患处数", "loose facade spots", "处", (1, 500)),
        Column(
            "roof_defect_share", "float", "屋面破损比例", "defective roof", "比例", least=0, most=1
        ),
        Column(
            "wall_defect_share",
            "float",
            "外墙破损比例",
            "defective facade",
            "比例",
            least=0,
            most=1,
        ),
        Column("wall_insulated", "bool", "外墙保温", "walls insulated"),
        Column("roof_insulated", "bool", "屋面保温", "roof insulated"),
        Column("windows_upgraded", "bool", "节能门窗", "windows upgraded"),
        Column(
            "fire_lane_m",
            "float",
            "消防车道净宽",
            "clear fire lane width",
            "m",
            least=0,
            usual=(0.3, 50),
        ),
        amount("fire_lane_height_m", "float", "消防车道净高", "clear height", "m", (1, 30)),
        amount(
            "fire_dead_end_m", "float", "尽头式消防车道长度", "dead-end fire lane", "m", (1, 1000)
        ),
    ),
    natural_key=("estate_id", "name"),
)

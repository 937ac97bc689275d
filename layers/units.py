"""
Stair units 单元: a point at each unit's door, the origin of every walk.

`storeys` counts the floors with entrances, `height_m` is the highest entrance floor above outdoor
ground: what decides whether a lift is due.
"""

from layers.spec import Column, LayerSpec, amount

SPEC = LayerSpec(
    "units",
    "单元",
    "stair units",
    "Point",
    (
        Column("unit_id", "str", "单元编号", "unit id", required=True),
        Column("building_id", "str", "所属楼栋", "building", required=True, refers_to="buildings"),
        Column("estate_id", "str", "所属小区", "estate", required=True, refers_to="estates"),
        Column("name", "str", "单元名称", "unit"),
        Column(
            "storeys",
            "int",
            "入户层数",
            "storeys with entrances",
            "层",
            least=1,
            most=200,
            plausible=(1, 34),
        ),
        amount("height_m", "float", "最高入户层高度", "highest entrance floor", "m", (0.1, 120)),
        amount("households", "int", "户数", "households", "户", (1, 300)),
        Column("has_lift", "bool", "已有电梯", "has a lift"),
        amount("lift_load_kg", "float", "电梯额定载重", "rated load", "kg", (100, 5000)),
        amount("lift_door_m", "float", "电梯门净宽", "clear lift door", "m", (0.4, 3)),
        Column("shaft_beside_bedroom", "bool", "井道紧邻卧室", "shaft beside a bedroom"),
        amount(
            "shaft_lane_m", "float", "加梯后消防车道净宽", "lane left by the shaft", "m", (0.3, 50)
        ),
        amount(
            "shaft_opposite_m", "float", "井道至对面楼", "shaft to next building", "m", (0.3, 500)
        ),
        amount("shaft_window_m", "float", "井道至他户窗", "shaft to a window", "m", (0.1, 500)),
        amount("shaft_width_m", "float", "可用井道宽", "free shaft width", "m", (0.3, 20)),
        amount("shaft_depth_m", "float", "可用井道深", "free shaft depth", "m", (0.3, 20)),
        Column("vote_area_share", "float", "表决面积比例", "area voting", "比例", least=0, most=1),
        Column(
            "vote_heads_share", "float", "表决人数比例", "owners voting", "比例", least=0, most=1
        ),
        Column(
            "consent_area_share", "float", "同意面积比例", "area in favour", "比例", least=0, most=1
        ),
        Column(
            "consent_heads_share",
            "float",
            "同意人数比例",
            "owners in favour",
            "比例",
            least=0,
            most=1,
        ),
        amount("ramp_width_m", "float", "坡道净宽", "ramp width", "m", (0.3, 10)),
        Column("is_step_free", "bool", "无台阶出入口", "step-free entrance"),
        Column("has_mailbox", "bool", "信包箱", "mail and parcel box"),
        Column("has_camera", "bool", "单元门监控", "camera at the door"),
        Column("handrail_ok", "bool", "扶手完好", "handrail sound"),
        Column("treads_ok", "bool", "踏步完好", "treads sound"),
        Column("lighting_ok", "bool", "楼道照明完好", "stair lighting works"),
        Column("clear_ok", "bool", "楼道无堆物", "stair unobstructed"),
    ),
    natural_key=("building_id", "name"),
)

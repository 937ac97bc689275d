"""Entrances 出入口: the gates by which an estate meets the street."""

from layers.spec import Column, LayerSpec
from wording import Text

STATES = {
    "open": Text("开放", "open"),
    "closed": Text("封闭", "closed"),
}

SPEC = LayerSpec(
    "entrances",
    "出入口",
    "entrances",
    "Point",
    (
        Column("entrance_id", "str", "出入口编号", "entrance id", required=True),
        Column("estate_id", "str", "所属小区", "estate", required=True, refers_to="estates"),
        Column("name", "str", "出入口名称", "entrance"),
        Column("state", "str", "开放状态", "state", codes=STATES),
        Column("width_m", "float", "净宽", "clear width", "m", least=0),
        Column("is_step_free", "bool", "无台阶", "step-free"),
        Column("has_camera", "bool", "监控覆盖", "camera"),
    ),
    natural_key=("estate_id", "name"),
)

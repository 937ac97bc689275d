"""Green space 绿地: lawns, beds and parks; `is_concentrated` marks ground counted as 集中绿地."""

from layers.spec import Column, LayerSpec
from wording import Text

KINDS = {
    "estate": Text("小区绿地", "estate green"),
    "park": Text("公园绿地", "park"),
    "street": Text("街旁绿地", "street green"),
}

SPEC = LayerSpec(
    "green_space",
    "绿地",
    "green space",
    "Polygon",
    (
        Column("green_id", "str", "绿地编号", "green id", required=True),
        Column("kind", "str", "类型", "kind", codes=KINDS, required=True),
        Column("name", "str", "名称", "name"),
        Column("estate_id", "str", "所属小区", "estate", refers_to="estates"),
        Column("is_public", "bool", "公共开放", "open to the public"),
        Column("is_concentrated", "bool", "集中绿地", "concentrated green"),
        Column("sun_share", "float", "日照阴影线外比例", "share in sun", "比例", least=0, most=1),
    ),
)

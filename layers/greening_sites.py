"""
Greening sites 绿化点: a bed or strip of an estate that is planted, replanted or kept.

Every move of a site sets its `state`; who moved it, when and why is in the journal
(`greening.events`).
"""

from layers.spec import Column, LayerSpec
from wording import Text

KINDS = {
    "new": Text("新建", "new"),
    "replant": Text("补植", "replant"),
    "keep": Text("保留", "keep"),
}

FORMS = {
    "bed": Text("绿地块", "bed"),
    "strip": Text("绿带", "strip"),
}

STATES = {
    "design": Text("设计", "design"),
    "checked": Text("已核查", "checked"),
    "supplied": Text("苗木到位", "seedlings delivered"),
    "planted": Text("已栽植", "planted"),
    "survival": Text("成活核查", "survival count"),
    "accepted": Text("验收通过", "accepted"),
    "rectify": Text("整改", "to be put right"),
}

SPEC = LayerSpec(
    "greening_sites",
    "绿化点",
    "greening sites",
    "Polygon",
    (
        Column("site_id", "str", "绿化点编号", "site id", required=True),
        Column("estate_id", "str", "所属小区", "estate", required=True, refers_to="estates"),
        Column("name", "str", "绿化点名称", "site"),
        Column("kind", "str", "类型", "kind", codes=KINDS, required=True),
        Column("form", "str", "形式", "form", codes=FORMS),
        Column("state", "str", "状态", "state", codes=STATES),
        Column("species_id", "str", "成片树种", "species of the whole bed"),
        Column("supply_by", "date", "供苗期限", "seedlings due"),
        Column("is_concentrated", "bool", "集中绿地", "concentrated green"),
    ),
    natural_key=("estate_id", "name"),
)

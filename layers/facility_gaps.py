"""
Facility gaps 设施缺口: the failing findings, each on its estate, ready to map and to hand over.

Derived by `layers.findings.facility_gaps`; the walked route stands in the findings beside it.
"""

from layers.spec import Column, LayerSpec
from wording import Text

OUTCOMES = {
    "short": Text("不足", "short"),
    "missing": Text("缺失", "missing"),
}

SPEC = LayerSpec(
    "facility_gaps",
    "设施缺口",
    "facility gaps",
    "Polygon",
    (
        Column("gap_id", "str", "缺口编号", "gap id", required=True),
        Column("estate_id", "str", "小区编号", "estate id", required=True, refers_to="estates"),
        Column("estate", "str", "小区名称", "estate"),
        Column("rule_id", "str", "规则编号", "rule id", required=True),
        Column("item_id", "str", "改造内容编号", "item id", required=True),
        Column("item", "str", "改造内容", "item", required=True),
        Column("item_class", "str", "类别", "class", required=True),
        Column("gap_kind", "str", "缺口类型", "kind of gap"),
        Column("outcome", "str", "结论", "outcome", codes=OUTCOMES, required=True),
        Column("value", "float", "实测值", "value"),
        Column("unit", "str", "单位", "unit"),
        Column("threshold", "float", "阈值", "threshold"),
        Column("severity", "float", "严重程度", "severity", least=0, most=1, required=True),
        Column("clause", "str", "依据条款", "clause", required=True),
        Column("verified", "str", "核实程度", "how verified", required=True),
        Column("department", "str", "责任单位", "department", required=True),
        Column("exposed_households", "float", "涉及户数", "households touched", "户", least=0),
        Column("reason", "str", "说明", "reason", required=True),
        Column("as_of", "date", "评估日期", "assessed as of", required=True),
    ),
)

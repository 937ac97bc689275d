"""
The findings table: one row for every applicable (estate, rule), the same on screen, table and PDF.

A finding's geometry is its evidence in the working CRS: the walked route (LineString) where a walk
was measured, the failing doors, pipes or trees (Multi-geometry) elsewhere, None where nothing can
be drawn.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum

import geopandas as gpd
import numpy as np
import pandas as pd

import layers
from layers.district import District
from layers.spec import PANDAS_DTYPE, Column, Provenance
from wording import Language, Text


class Outcome(StrEnum):
    """What a finding says. A value never surveyed is unknown, never missing."""

    MET = "met"
    SHORT = "short"
    MISSING = "missing"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"
    WAIVED = "waived"


FAILING = (Outcome.SHORT, Outcome.MISSING)

OUTCOME_LABELS: Mapping[str, Text] = {
    Outcome.MET: Text("达标", "met"),
    Outcome.SHORT: Text("不达标", "not met"),
    Outcome.MISSING: Text("缺失", "missing"),
    Outcome.UNKNOWN: Text("数据不足", "unknown"),
    Outcome.NOT_APPLICABLE: Text("不适用", "not applicable"),
    Outcome.WAIVED: Text("豁免", "waived"),
}


class Degree(StrEnum):
    """In a word, how a value compares with what is required; the outcome where nothing fails."""

    MET = "met"
    SHORT = "short"
    FEW = "few"
    UNFIT = "unfit"
    MISSING = "missing"
    OVER = "over"
    MANY = "many"
    UNSERVED = "unserved"
    TOO_FAR = "too_far"
    NONE_ALLOWED = "none_allowed"
    DISAGREE = "disagree"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"
    WAIVED = "waived"


DEGREE_LABELS: Mapping[str, Text] = {
    Degree.MET: OUTCOME_LABELS[Outcome.MET],
    Degree.SHORT: Text("不足", "too little"),
    Degree.FEW: Text("不足", "too few"),
    Degree.UNFIT: Text("不合格", "fails"),
    Degree.MISSING: OUTCOME_LABELS[Outcome.MISSING],
    Degree.OVER: Text("超标", "too much"),
    Degree.MANY: Text("超标", "too many"),
    Degree.UNSERVED: Text("覆盖不足", "too few served"),
    Degree.TOO_FAR: Text("超距", "too far"),
    Degree.NONE_ALLOWED: Text("应为 0", "should be 0"),
    Degree.DISAGREE: Text("不一致", "disagree"),
    Degree.UNKNOWN: OUTCOME_LABELS[Outcome.UNKNOWN],
    Degree.NOT_APPLICABLE: OUTCOME_LABELS[Outcome.NOT_APPLICABLE],
    Degree.WAIVED: OUTCOME_LABELS[Outcome.WAIVED],
}


FAILING_DEGREES = (
    Degree.SHORT,
    Degree.FEW,
    Degree.UNFIT,
    Degree.MISSING,
    Degree.OVER,
    Degree.MANY,
    Degree.UNSERVED,
    Degree.TOO_FAR,
    Degree.NONE_ALLOWED,
    Degree.DISAGREE,
)


class Statement(StrEnum):
    """
    What kind of statement a finding makes; only gaps are counted.

    What would be a gap is `MARGINAL` where it fails within the accuracy of the survey.
    """

    GAP = "gap"
    MARGINAL = "marginal"
    PENDING = "pending"
    CONDITION = "condition"
    YARDSTICK = "yardstick"


OTHER_STATEMENTS = (
    Statement.MARGINAL,
    Statement.PENDING,
    Statement.CONDITION,
    Statement.YARDSTICK,
)
"""What is shown beside the gaps and never adds up with them."""

NEVER_GAPS = tuple(one for one in OTHER_STATEMENTS if one is not Statement.MARGINAL)
"""What stays the same kind of statement where it is marginal: of these that is counted apart."""

STATEMENT_LABELS: Mapping[str, Text] = {
    Statement.GAP: Text("短板", "gap"),
    Statement.MARGINAL: Text("临界", "marginal"),
    Statement.PENDING: Text("待确认", "pending"),
    Statement.CONDITION: Text("条件", "condition"),
    Statement.YARDSTICK: Text("对照", "yardstick"),
}

BEARING_LABELS: Mapping[str, Text] = {
    "binding_existing": Text("约束既有小区", "binds existing estates"),
    "binding_programme": Text("约束改造范围内的小区", "binds the estates of the programme"),
    "binding_new": Text("约束新建小区", "binds estates built under it"),
    "reference_only": Text("对照", "yardstick"),
}

STRENGTH_LABELS: Mapping[str, Text] = {
    "law": Text("法律", "law"),
    "mandatory": Text("强制性", "mandatory"),
    "recommended": Text("推荐性", "recommended"),
    "policy": Text("政策文件", "policy"),
    "local": Text("地方文件", "local"),
    "plan": Text("实施方案", "plan"),
    "convention": Text("本项目约定", "convention"),
}

VERIFIED_LABELS: Mapping[str, Text] = {
    "plan_text": Text("方案原文", "plan text read"),
    "quoted": Text("已见条文", "clause seen"),
    "two_sources": Text("两处来源", "two sources"),
    "secondary": Text("一处二手来源", "one secondary source"),
    "measured": Text("实测", "measured"),
    "recall": Text("待核", "to be verified"),
    "none": Text("约定值", "convention"),
}

GAP_KINDS: Mapping[str, Text] = {
    "elevator": Text("电梯", "elevators"),
    "parking": Text("停车", "parking"),
    "charging": Text("充电", "charging"),
    "elder_care": Text("养老", "elder care"),
    "other": Text("其他", "other"),
}

CLASSES: Mapping[str, Text] = {
    "基础类": Text("基础类", "basic"),
    "完善类": Text("完善类", "improving"),
    "提升类": Text("提升类", "upgrading"),
    "摸底调查": Text("摸底调查", "survey"),
}
WORK_CLASSES = ("基础类", "完善类", "提升类")
"""The classes that are works; the survey is checked before them and has no gaps."""

UNIT_LABELS: Mapping[str, Text] = {
    "": Text("", ""),
    "m": Text("m", "m"),
    "m2": Text("m²", "m²"),
    "hh": Text("户", "households"),
    "m2/person": Text("m²/人", "m²/person"),
    "m2/100hh": Text("m²/百户", "m²/100 households"),
    "bay": Text("个", "bays"),
    "bay/hh": Text("个/户", "bays/household"),
    "port/hh": Text("个/户", "ports/household"),
    "bed/1000": Text("床/千名老人", "beds/1,000 elders"),
    "seat/1000": Text("座/千人", "places/1,000 persons"),
    "place": Text("处", "places"),
}
"""Units of `value`, `threshold` and `missing_beyond`; a share has none."""

OUTDATED = Text("数据过期", "data outdated")
"""Said of a finding whose data are older than the rulebook lets them be."""

COLUMNS = (
    Column("finding_id", "str", "结论编号", "finding id", required=True),
    Column("estate_id", "str", "小区编号", "estate id", required=True, refers_to="estates"),
    Column("estate", "str", "小区名称", "estate"),
    Column("town", "str", "乡镇", "town"),
    Column("town_en", "str", "乡镇（英文）", "town (English)"),
    Column("rule_id", "str", "规则编号", "rule id", required=True),
    Column("item_id", "str", "改造内容编号", "item id", required=True),
    Column("item_zh", "str", "改造内容", "item (Chinese)", required=True),
    Column("item_en", "str", "改造内容（英文）", "item (English)", required=True),
    Column("item_class", "str", "类别", "class", codes=CLASSES, required=True),
    Column("gap_kind", "str", "短板类型", "kind of gap", codes=GAP_KINDS, required=True),
    Column("metric_zh", "str", "指标", "metric (Chinese)", required=True),
    Column("metric_en", "str", "指标（英文）", "metric (English)", required=True),
    Column("outcome", "str", "结论类别", "class of outcome", codes=OUTCOME_LABELS, required=True),
    Column("degree", "str", "结论", "outcome", codes=DEGREE_LABELS, required=True),
    Column("statement", "str", "性质", "statement", codes=STATEMENT_LABELS, required=True),
    Column("leads", "bool", "本组结论", "leads its family", required=True),
    Column("is_marginal", "bool", "在测量误差内", "within the survey's accuracy", required=True),
    Column("value", "float", "实测值", "measured value"),
    Column("unit", "str", "单位", "unit"),
    Column("op", "str", "比较", "comparison"),
    Column("threshold", "float", "阈值", "threshold"),
    Column("missing_beyond", "float", "缺失界限", "missing beyond"),
    Column("severity", "float", "严重程度", "severity", least=0, most=1),
    Column("safety", "bool", "安全项", "safety rule", required=True),
    Column("source_id", "str", "来源编号", "source id", required=True),
    Column("source_title", "str", "标准或文件", "standard or paper", required=True),
    Column("clause", "str", "条款", "clause", required=True),
    Column("strength", "str", "效力", "strength", codes=STRENGTH_LABELS, required=True),
    Column("bearing", "str", "适用", "bearing", codes=BEARING_LABELS, required=True),
    Column("verified", "str", "核实程度", "how verified", codes=VERIFIED_LABELS, required=True),
    Column("override", "str", "可否调整", "override", required=True),
    Column("department_ids", "str", "责任单位编号", "department ids", required=True),
    Column("department", "str", "牵头单位", "leading body", required=True),
    Column("department_en", "str", "牵头单位（英文）", "leading body (English)", required=True),
    Column("assisting", "str", "配合单位", "assisting bodies"),
    Column("assisting_en", "str", "配合单位（英文）", "assisting bodies (English)"),
    Column("origin_layer", "str", "起点图层", "origin layer"),
    Column("origin_id", "str", "起点编号", "origin id"),
    Column("witness_layer", "str", "依据图层", "witness layer"),
    Column("witness_id", "str", "依据要素", "witness id"),
    Column("witness_name", "str", "依据名称", "witness name"),
    Column("failing_members", "int", "不达标数量", "members failing"),
    Column("members", "int", "总数量", "members"),
    Column("exposed_households", "float", "涉及户数", "households touched", "户"),
    Column("data_date", "date", "数据日期", "date of the data"),
    Column("is_outdated", "bool", OUTDATED.zh, OUTDATED.en, required=True),
    Column("lacking", "str", "所缺资料编码", "codes of lacking data"),
    Column("lacking_zh", "str", "所缺资料", "lacking data (Chinese)"),
    Column("lacking_en", "str", "所缺资料（英文）", "lacking data (English)"),
    Column("supplier", "str", "资料提供单位", "who must supply it"),
    Column("supplier_en", "str", "资料提供单位（英文）", "who must supply it (English)"),
    Column("reason_zh", "str", "说明", "reason (Chinese)", required=True),
    Column("reason_en", "str", "说明（英文）", "reason (English)", required=True),
    Column("as_of", "date", "评估日期", "assessed as of", required=True),
)
"""
Columns of the findings frame; a `geometry` column follows.

`department_ids` joins the bodies with "、", the one that leads first; `assisting` joins the names
of the others. `leads` is false for a finding whose family has another verdict at the estate.
`severity` is NaN for unknown, not applicable and waived.
"""


def cited(title: str, clause: str) -> str:
    """Return a source and its clause, the title once where the clause begins with it."""
    return clause if clause.startswith(title) else f"{title} {clause}"


def cited_clauses(titles: Iterable[str], clauses: Iterable[str]) -> list[str]:
    """Return sources and their clauses, row by row, as `cited`."""
    return [cited(title, clause) for title, clause in zip(titles, clauses, strict=True)]


def named_column(name: str, language: Language) -> str:
    """
    Return the column that holds the names of towns or bodies in a language.

    Parameters
    ----------
    name : {"town", "department", "assisting", "supplier"}
        The column of Chinese names.
    language : {"zh", "en"}
        Of the names.
    """
    return name if language == "zh" else f"{name}_{language}"


def fails_as(findings: pd.DataFrame, statement: Statement) -> pd.Series:
    """
    Return which findings are not met, decide for their family and are statements of a kind.

    Parameters
    ----------
    findings : pandas.DataFrame
        With `outcome`, `statement` and `leads`.
    statement : Statement
        The kind; of `Statement.GAP` these are the gaps.
    """
    return (
        findings["leads"].astype(bool)
        & (findings["statement"] == statement)
        & findings["outcome"].isin(FAILING)
    )


def fails_marginally(findings: pd.DataFrame, statement: Statement) -> pd.Series:
    """
    Return which findings `fails_as` finds that fail within the accuracy of the survey.

    Parameters
    ----------
    findings : pandas.DataFrame
        With `outcome`, `statement`, `leads` and `is_marginal`.
    statement : Statement
        The kind; none of the gaps does, and all of `Statement.MARGINAL` do.
    """
    return fails_as(findings, statement) & findings["is_marginal"].astype(bool)


def lacks_data(findings: pd.DataFrame) -> pd.Series:
    """
    Return which findings lack data that no other rule of their family answers.

    Parameters
    ----------
    findings : pandas.DataFrame, n rows
        With `outcome` and `leads`.

    Returns
    -------
    pandas.Series of bool, shape (n,)
    """
    return findings["leads"].astype(bool) & findings["outcome"].eq(Outcome.UNKNOWN)


def is_gap(findings: pd.DataFrame) -> pd.Series:
    """
    Return which findings are gaps: what binds the estate, decides for its family, is not met.

    Parameters
    ----------
    findings : pandas.DataFrame, n rows
        With the columns `statement` and `outcome`, none missing, among others.

    Returns
    -------
    pandas.Series of bool, shape (n,)
    """
    return fails_as(findings, Statement.GAP)


def tidy_findings(frame: pd.DataFrame, district: District) -> gpd.GeoDataFrame:
    """
    Return `frame` with exactly the findings columns and dtypes, geometry in the working CRS.

    Parameters
    ----------
    frame : pandas.DataFrame, n rows
        With `geometry` in the working CRS, missing where there is no evidence; a column of
        `COLUMNS` that it lacks becomes unknown, any other is dropped.
    district : District
        Whose findings they are.
    """
    typed = {
        c.name: (
            frame[c.name].astype(PANDAS_DTYPE[c.dtype])  # type: ignore[call-overload]
            if c.name in frame
            else pd.Series(None, index=frame.index, dtype=PANDAS_DTYPE[c.dtype])
        )
        for c in COLUMNS
    }
    shapes = gpd.GeoSeries(frame["geometry"], index=frame.index, crs=district.crs)
    return gpd.GeoDataFrame(typed, geometry=shapes, crs=district.crs)


def facility_gaps(findings: gpd.GeoDataFrame, district: District) -> gpd.GeoDataFrame:
    """
    Return the facility-gap layer: every gap on its estate's outline.

    Parameters
    ----------
    findings : geopandas.GeoDataFrame
        Findings of `district`, columns `COLUMNS`.
    district : District
        Where the outlines come from.

    Returns
    -------
    geopandas.GeoDataFrame
        Conforming to `layers.facility_gaps.SPEC`, in the working CRS; may be empty.
    """
    failing = findings[is_gap(findings)]
    renamed = failing.rename(
        columns={"finding_id": "gap_id", "item_zh": "item", "reason_zh": "reason"}
    )
    estates = district["estates"].set_index("estate_id").geometry
    outline = gpd.GeoSeries(
        np.asarray(estates.reindex(failing["estate_id"]), dtype=object),
        index=failing.index,
        crs=district.crs,
    )
    nature = Provenance.SYNTHETIC if district.is_synthetic else Provenance.INFERRED
    gaps = renamed.drop(columns="geometry").assign(
        value=failing["value"].mask(np.isinf(failing["value"])),  # no walk leads there: see reason
        clause=cited_clauses(failing["source_title"], failing["clause"]),
        provenance=nature.value,
        source="litong check",
        source_date=failing["as_of"],
    )
    return layers.ALL["facility_gaps"].conform(gpd.GeoDataFrame(gaps, geometry=outline))

"""
The greening review as a workbook: check, suggestions, ground, indicators, seedlings, survival.

One sheet a table, one rectification sheet a town, and the record at the end. Totals are formulas
over the rows above them.
"""

import io
import re
from collections.abc import Sequence

import pandas as pd
from openpyxl import Workbook

import layers
from clearances.verdict import VERDICT_LABELS, ClearanceVerdict
from exports.archive import dated
from exports.cells import BOLD, text_cell
from exports.table_sheet import write_table
from greening.check import COLUMNS as PAIR_COLUMNS
from greening.design import FAULT_LABELS, REPORT_COLUMNS
from greening.event_words import described
from greening.indicators import AREA_COLUMNS, SUMS
from greening.indicators import COLUMNS as INDICATOR_COLUMNS
from greening.overview import COLUMNS as OVERVIEW_COLUMNS
from greening.review import SURVIVAL_RULE, Review
from greening.seedlings import COLUMNS as SEEDLING_COLUMNS
from greening.suggest import ACTION_LABELS
from greening.survival import COLUMNS as SURVIVAL_COLUMNS
from greening.workflow import KIND_LABELS, GreeningEvent
from layers.findings import OUTCOME_LABELS, VERIFIED_LABELS
from layers.greening_sites import STATES
from layers.period import period_text
from layers.spec import Column
from layers.trees import KINDS
from wording import Language, Text, say

_LABELS = {
    "kind": KINDS,
    "state": STATES,
    "verified": VERIFIED_LABELS,
    "outcome_before": OUTCOME_LABELS,
    "outcome_after": OUTCOME_LABELS,
}
_SUGGESTION_COLUMNS = (
    Column("planting_id", "str", "栽植编号", "planting id"),
    Column("site_id", "str", "绿化点", "site"),
    Column("verdict", "str", "结论", "verdict", codes=VERDICT_LABELS),
    Column("action", "str", "建议", "suggestion", codes=ACTION_LABELS),
    Column("species_id", "str", "树种编号", "species id"),
    Column("moved_m", "float", "移动距离", "moved", "m"),
    Column("east_m", "float", "建议横坐标", "easting", "m"),
    Column("north_m", "float", "建议纵坐标", "northing", "m"),
)
_FAULT_COLUMNS = (
    Column("planting_id", "str", "栽植编号", "planting id"),
    Column("fault", "str", "问题", "fault", codes=FAULT_LABELS),
    Column("other", "str", "对象", "other"),
)
_DEAD_COLUMNS = (
    Column("estate", "str", "小区", "estate"),
    Column("site_id", "str", "绿化点", "site"),
    Column("number", "str", "现场编号", "number"),
    Column("planting_id", "str", "栽植编号", "planting id"),
    Column("species_id", "str", "树种编号", "species id"),
    Column("east_m", "float", "横坐标", "easting", "m"),
    Column("north_m", "float", "纵坐标", "northing", "m"),
)
_EVENT_COLUMNS = (
    Column("seq", "int", "序号", "no."),
    Column("site_id", "str", "绿化点", "site"),
    Column("kind", "str", "事项", "kind"),
    Column("what", "str", "内容", "what"),
    Column("by", "str", "经办人", "who"),
    Column("at", "str", "时间", "when"),
    Column("data_version", "str", "数据版本", "data version"),
    Column("version", "str", "区域版本", "district version"),
)
_COUNTED = ("designed", "planted", "alive", "replanted", "dead", "uncounted")
_VERDICTS = ("plantings", *(verdict.value for verdict in ClearanceVerdict), "site_m2")
_READ = ("read", "sound")


def greening_workbook(
    review: Review, language: Language = "zh", events: Sequence[GreeningEvent] = ()
) -> bytes:
    """
    Return a review as the bytes of an .xlsx workbook, the same for the same review and record.

    Parameters
    ----------
    review : Review
        What was checked.
    language : {"zh", "en"}, default "zh"
        Of everything.
    events : sequence of GreeningEvent
        The record behind it.
    """
    workbook = Workbook(write_only=True)
    _cover(workbook, review, language, events)
    for title, table, columns, sums in _tables(review, events, language):
        sheet = workbook.create_sheet(title[language])
        write_table(sheet, table, columns, language=language, labels=_LABELS, sums=sums)
    out = io.BytesIO()
    workbook.save(out)
    return dated(out.getvalue(), review.as_of.isoformat())


Sheet = tuple[Text, pd.DataFrame, Sequence[Column], Sequence[str]]


def _tables(review: Review, events: Sequence[GreeningEvent], language: Language) -> list[Sheet]:
    """Return every sheet: titles, table, columns, summed columns."""
    pairs = review.found.pairs
    failing = pairs[
        (pairs["plant_layer"] == "plantings") & (pairs["verdict"] != ClearanceVerdict.MET)
    ]
    survival = SURVIVAL_COLUMNS
    town_survival = [c for c in survival if c.name not in ("estate", "site_id", "state")]
    town_areas = [c for c in AREA_COLUMNS if c.name != "estate"]
    town_overview = [c for c in OVERVIEW_COLUMNS if c.name != "estate"]
    return [
        (Text("来图登记", "designs read"), review.report, REPORT_COLUMNS, _READ),
        (Text("总览（小区）", "overview by estate"), review.by_estate, OVERVIEW_COLUMNS, _VERDICTS),
        (Text("总览（乡镇）", "overview by town"), review.by_town, town_overview, _VERDICTS),
        (Text("净距核查", "clearances"), failing, PAIR_COLUMNS, ()),
        (Text("调整建议", "suggestions"), _suggestions(review), _SUGGESTION_COLUMNS, ()),
        (Text("点位问题", "design faults"), review.faults, _FAULT_COLUMNS, ()),
        (Text("指标", "indicators"), review.indicators, INDICATOR_COLUMNS, ()),
        (Text("面积（小区）", "areas by estate"), review.areas, AREA_COLUMNS, SUMS),
        (Text("面积（乡镇）", "areas by town"), review.areas_by_town, town_areas, SUMS),
        (Text("苗木表", "seedlings"), review.seedlings, SEEDLING_COLUMNS, ("count", "to_supply")),
        (Text("苗木汇总", "seedlings by species"), *_by_species(review)),
        (Text("成活（绿化点）", "survival by site"), review.survival, survival, _COUNTED),
        (
            Text("成活（乡镇）", "survival by town"),
            review.survival_by_town,
            town_survival,
            _COUNTED,
        ),
        *_rectification(review),
        (Text("流程记录", "record"), _events(events, language), _EVENT_COLUMNS, ()),
    ]


def _cover(
    workbook: Workbook, review: Review, language: Language, events: Sequence[GreeningEvent]
) -> None:
    district = review.district
    sheet = workbook.create_sheet(say("workbook.cover", language))
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 24, 72
    sheet.append([text_cell(sheet, say("greening_book.title", language), font=BOLD)])
    if district.is_synthetic:
        sheet.append([text_cell(sheet, say("workbook.synthetic", language), font=BOLD)])
    sheet.append([])
    facts: dict[str, object] = {
        "workbook.district": district.label[language],
        "workbook.version": review.kept.version,
        "workbook.data_date": period_text(district, review.as_of, language),
        "workbook.as_of": review.as_of.isoformat(),
        "workbook.rulebook": review.book.version,
        "greening_book.profile": review.profile_name[language],
        "greening_book.superseded": _caution(review),
        "greening_book.least_rate": review.least_rate,
        "greening_book.rate_source": _rate_source(review, language),
        "greening_book.lacking": _lacking(review, language),
        "greening_book.events": len(events),
    }
    rows = [(say(key, language), value) for key, value in facts.items()]
    rows += [(VERDICT_LABELS[name][language], count) for name, count in _counts(review).items()]
    for name, value in rows:
        shown = value if isinstance(value, (int, float)) else text_cell(sheet, str(value))
        sheet.append([text_cell(sheet, name), shown])


def _rate_source(review: Review, language: Language) -> str:
    """Return the source of the acceptance rate in words."""
    if review.rate_set is None:
        verified = VERIFIED_LABELS[review.book.by_id[SURVIVAL_RULE].verified]
        key = "greening_book.rate_of_rulebook"
        return say(key, language, rule=SURVIVAL_RULE, verified=verified)
    event = review.rate_set
    return f"{event.by} {event.at}：{event.payload['comment']}"


def _lacking(review: Review, language: Language) -> str:
    names = [layers.ALL[name].label(language) for name in review.found.lacking]
    return "、".join(names) or "—"


def _caution(review: Review) -> str:
    return review.book.sources[review.caution].title if review.caution else "—"


def _counts(review: Review) -> dict[str, int]:
    """Return plantings by verdict."""
    proposed = review.found.plants[review.found.plants["plant_layer"] == "plantings"]
    found = proposed["verdict"].value_counts()
    return {verdict.value: int(found.get(verdict.value, 0)) for verdict in ClearanceVerdict}


def _suggestions(review: Review) -> pd.DataFrame:
    rows = [
        {
            "planting_id": one.planting_id,
            "site_id": one.site_id,
            "verdict": one.verdict,
            "action": str(one.action),
            "species_id": one.species_id,
            "moved_m": one.moved_m,
            "east_m": one.there[0],
            "north_m": one.there[1],
        }
        for one in review.suggested
    ]
    return pd.DataFrame(rows, columns=[c.name for c in _SUGGESTION_COLUMNS])


def _by_species(review: Review) -> tuple[pd.DataFrame, Sequence[Column], Sequence[str]]:
    keys = ["species_zh", "species_en", "size"]
    sums = review.seedlings.groupby(keys, dropna=False)[["count", "to_supply"]].sum().reset_index()
    names = [*keys, "count", "to_supply"]
    return sums, [c for c in SEEDLING_COLUMNS if c.name in names], ("count", "to_supply")


def _rectification(review: Review) -> list[Sheet]:
    """Return one sheet for every town with dead plantings."""
    return [
        (
            Text(_title(f"整改单{place} {town}"), _title(f"put right {place} {town}")),
            review.dead[review.dead["town"] == town],
            _DEAD_COLUMNS,
            (),
        )
        for place, town in enumerate(sorted(review.dead["town"].dropna().unique()), start=1)
    ]


def _title(text: str) -> str:
    """Return a sheet title a workbook accepts, whatever the town is called."""
    return re.sub(r"[\\/*?:\[\]'\x00-\x1f]", " ", text)[:31]


def _events(events: Sequence[GreeningEvent], language: Language) -> pd.DataFrame:
    rows = [
        {
            "seq": event.seq,
            "site_id": event.site_id,
            "kind": KIND_LABELS[event.kind][language],
            "what": described(event, language),
            "by": event.by,
            "at": event.at,
            "data_version": event.data_version,
            "version": event.version,
        }
        for event in events
    ]
    return pd.DataFrame(rows, columns=[c.name for c in _EVENT_COLUMNS])

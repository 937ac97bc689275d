"""
Preflight: checks that refuse a formal issue, and checks that refuse any issue.

A draft is made with its problems listed; a formal issue with problems is refused, naming them all.
"""

from collections.abc import Sequence

import shapely

from atlas.contradictions import contradictions
from atlas.problem import Field, Problem
from atlas.request import Request, Stage
from atlas.sheet import AtlasContext, PagePlan, PageReport
from atlas.text import Fonts, clean
from geo.errors import DataError
from layers import ALL
from layers.spec import Provenance

GUARD_KM2 = 25.0
GUARD_SCALE = 5000
"""More than 25 km2 in one piece at a scale larger than 1:5000 is a state secret (item 18)."""

_SHOWN = 20


class FormalIssueRefusedError(DataError):
    """A formal issue with problems; `problems` names them."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        heads = (f"a formal issue has {len(problems)} problems", f"正式版有 {len(problems)} 个问题")
        lines = [[problem.en for problem in problems], [problem.zh for problem in problems]]
        en, zh = (
            "\n".join([head, *found[:_SHOWN]]) for head, found in zip(heads, lines, strict=True)
        )
        super().__init__(en, zh)


_PRINTED = {
    "towns": ("name",),
    "estates": ("name",),
    "buildings": ("name", "structure"),
    "entrances": ("name",),
    "walkways": ("name",),
    "facilities": ("name",),
    "parking": ("name",),
    "pipelines": ("material",),
}
"""Columns whose text is printed as surveyed."""


_OMITTED = {
    "unplaced": ("no place for label {!r}", "注记“{}”无处可放"),
    "cut": ("no room for {!r}; shorten it", "“{}”放不下，请改短"),
    "empty": ("the map {!r} shows nothing", "图框“{}”是空的"),
}
"""Lists of `PageReport`, each with what is said of its texts."""


def before_drawing(context: AtlasContext) -> list[Problem]:
    """Return the problems that are known before a page is drawn."""
    problems = _unfilled(context.request)
    problems += [
        Problem(
            "placeholder",
            f"rule {rule_id}: its value is a placeholder nobody has confirmed",
            f"规则 {rule_id}：取值为占位，尚未经规划人员确认",
            Field("rules", rule_id),
        )
        for rule_id in placeholders(context)
    ]
    if _is_mixed(context):
        problems.append(
            Problem(
                "mixed_data",
                "surveyed and synthetic data are mixed",
                "实测数据与演示数据混用",
            )
        )
    return problems + contradictions(context)


def _unfilled(request: Request) -> list[Problem]:
    """Return what is to be filled in: title block and, for the public, notice and 审图号."""
    empty = [("title_block", name) for name in request.title_block.empty()]
    if request.is_public:
        empty += [("notice", name) for name in request.notice.empty()]
        empty += [] if request.review_number else [("request", "review_number")]
    fields = [Field(*place) for place in empty]
    return [
        Problem(field.layer, f"{field.label('en')}: empty", f"{field.label('zh')}：未填写", field)
        for field in fields
    ]


def placeholders(context: AtlasContext) -> list[str]:
    """Return the rules in these findings whose values a planner has yet to confirm."""
    rows = context.findings
    asked = rows["rule_id"][rows["override"] == "required"].unique()
    return sorted(set(asked) - context.request.confirmed)


def _is_mixed(context: AtlasContext) -> bool:
    frames = context.district.frames.values()
    natures = {nature for frame in frames for nature in frame["provenance"].unique()}
    return {Provenance.SYNTHETIC.value, Provenance.SURVEYED.value} <= natures


def after_drawing(
    context: AtlasContext, drawn: Sequence[tuple[PagePlan, PageReport]]
) -> list[Problem]:
    """Return what the pages could not print, each with the sheets on which it is lacking."""
    problems = [
        Problem(
            kind,
            f"{page_plan.number} {page_plan.title}: {en.format(text)}",
            f"{page_plan.number} {page_plan.title}：{zh.format(text)}",
        )
        for page_plan, report in drawn
        for kind, (en, zh) in _OMITTED.items()
        for text in getattr(report, kind)
    ]
    return problems + _unprintable(context, drawn)


def _unprintable(
    context: AtlasContext, drawn: Sequence[tuple[PagePlan, PageReport]]
) -> list[Problem]:
    """Return a problem for each row whose text no font can print, with the sheets that bear it."""
    printed = [(page_plan.number, text) for page_plan, r in drawn for text in r.unprintable]
    if not printed:
        return []
    sheets: dict[tuple[str, str], list[str]] = {}
    held = _held(context)
    for number, text in printed:
        where, own = _row_of(context.fonts, held, text)
        sheets.setdefault((where, own), []).append(number)
    return [_lacking_glyph(context, *key, found) for key, found in sheets.items()]


def _row_of(fonts: Fonts, held: list[tuple[str, str]], line: str) -> tuple[str, str]:
    """Return the row of `held` that a printed line is of, "" and the line if there is none."""
    lacking = set(fonts.lacking(line))
    whole = [row for row in held if row[1] in line]
    # a long name is broken into lines: then the row that has the line's characters
    parts = [row for row in held if lacking <= set(fonts.lacking(row[1]))]
    return next(iter(whole + parts), ("", line))


def _lacking_glyph(context: AtlasContext, where: str, text: str, sheets: list[str]) -> Problem:
    codes = ", ".join(f"U+{ord(character):04X}" for character in context.fonts.lacking(text))
    bearing = ", ".join(dict.fromkeys(sheets))
    return Problem(
        "glyph",
        f"no font can print {codes} in {text!r} ({where or 'request'}), on sheets {bearing}; "
        "give a font that has it",
        f"字体缺字：{where or '图签'}“{text}”中的 {codes} 无法印出，以 〓 代替；"
        f"涉及图页 {bearing}；请指定含此字的字体",
    )


def _held(context: AtlasContext) -> list[tuple[str, str]]:
    """Return layer, id and text of the rows whose text no font can print, the longest first."""
    held = []
    for layer, columns in _PRINTED.items():
        frame = context.district[layer]
        for column in columns:
            for key, text in zip(frame[ALL[layer].key], frame[column].map(clean), strict=True):
                if not context.fonts.can_print(text):
                    held.append((f"{layer} {clean(key)} {column}", text))
    return sorted(held, key=lambda pair: -len(pair[1]))


def refuse_if_formal(request: Request, problems: Sequence[Problem]) -> None:
    """
    Refuse a formal issue with problems; a draft passes.

    Raises
    ------
    FormalIssueRefusedError
        If the issue is formal and has problems.
    """
    if request.stage is Stage.FORMAL and problems:
        raise FormalIssueRefusedError(problems)


def guard_area(reports: Sequence[PageReport]) -> None:
    """
    Refuse maps that together show too much ground in one piece in detail.

    Raises
    ------
    DataError
        Naming the area found and the limit.
    """
    windows = [
        shapely.box(*bounds)
        for report in reports
        for scale, bounds in report.scales
        if scale < GUARD_SCALE
    ]
    if not windows:
        return
    largest = max(shapely.area(shapely.get_parts(shapely.union_all(windows)))) / 1e6
    if largest > GUARD_KM2:
        raise DataError(
            f"detailed maps cover {largest:.1f} km2 in one piece; expected at most {GUARD_KM2:g}",
            f"大比例尺图连续范围 {largest:.1f} 平方千米，应不超过 {GUARD_KM2:g}；请分批出图",
        )

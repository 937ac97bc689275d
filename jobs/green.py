"""`litong green`: check a district's greening design without a page, print, write."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from rich.table import Table

import layers
from atlas.greening_book import greening_booklet
from atlas.request import Request
from clearances.verdict import VERDICT_LABELS, Verdict
from exports.greening_book import greening_workbook
from exports.greening_csv import clearances_csv
from exports.greening_package import greening_package
from greening.design import FAULT_LABELS
from greening.record import FILE_NAME, Record
from greening.review import Review, review
from greening.species import read_species
from greening.suggest import ACTION_LABELS
from greening.workflow import Event
from jobs.opening import district_at
from jobs.printing import console, plain
from rules.book import load_book
from store.atomic import replacing

OUT_SUFFIXES = (".xlsx", ".gpkg", ".csv", ".pdf")
_WROTE = {"zh": "已写出 {path}", "en": "Wrote {path}"}
_HEADS = {"zh": ("结论", "株数"), "en": ("verdict", "plantings")}
_LACKING = {
    "zh": "未测图层（结论不可能为满足）：{names}",
    "en": "Layers never surveyed (nothing can pass): {names}",
}
_PROFILE = {"zh": "净距标准：{name}", "en": "Clearance table: {name}"}
_SUPERSEDED = {
    "zh": "注意：所用净距表已被《{title}》替代，数值待核",
    "en": "Note: the tables applied were superseded by {title}; to be checked",
}
_NOTHING = {
    "zh": "本区没有栽植点（图层 plantings），无可核查；可用 litong import 导入设计图",
    "en": "No plantings in this district (layer plantings): nothing to check; "
    "litong import brings a design in",
}
_READ = {"zh": "读到 {n} 株，无问题 {sound}", "en": "{n} plantings read, {sound} sound"}


@dataclass(frozen=True)
class Errand:
    """What one `litong green` was asked for."""

    path: Path
    as_of: date
    outs: tuple[Path, ...]
    profile: str
    language: str
    paper: str = "A3"


def check_greening(errand: Errand) -> set[str]:
    """
    Check a design and write what was asked for; return the verdicts that occur on plantings.

    Raises
    ------
    PlanningError
        If the district, the rulebook, the record or a target cannot be used.
    """
    district = district_at(errand.path)
    folder = errand.path if errand.path.is_dir() else errand.path.parent
    events = Record(folder / FILE_NAME).events()
    found = review(
        district,
        load_book(overlays=district.overlays),
        read_species(),
        errand.as_of,
        events=events,
        profile=errand.profile,
    )
    verdicts = _print(found, errand.language)
    for path in errand.outs:
        _write(path, found, events, errand)
        console().print(_WROTE[errand.language].format(path=path))
    return verdicts


def _print(found: Review, language: str) -> set[str]:
    """Print how many plantings have each verdict and what is suggested; return the verdicts."""
    side = 0 if language == "zh" else 1
    console().print(_PROFILE[language].format(name=found.profile_name[side]))
    if found.caution:
        title = found.book.sources[found.caution].title
        console().print(plain(_SUPERSEDED[language].format(title=title)))
    if found.found.lacking:
        labels = [layers.ALL[name].label(language) for name in found.found.lacking]
        console().print(_LACKING[language].format(names="、".join(labels)))
    _print_report(found, language)
    proposed = found.found.plants[found.found.plants["plant_layer"] == "plantings"]
    table = Table(*_HEADS[language])
    for verdict in Verdict:
        count = int((proposed["verdict"] == verdict).sum())
        table.add_row(VERDICT_LABELS[verdict][side], f"{count:,}")
    console().print(table)
    actions = [one.action for one in found.suggested]
    for action, label in ACTION_LABELS.items():
        console().print(plain(f"{label[side]}: {actions.count(action):,}"))  # type: ignore[arg-type]
    return set(proposed["verdict"])


def _print_report(found: Review, language: str) -> None:
    """Print for every file how many plantings it brought and what is wrong with them."""
    if found.report.empty:
        console().print(_NOTHING[language])
    for row in found.report.to_dict("records"):
        parts = [_READ[language].format(n=f"{row['read']:,}", sound=f"{row['sound']:,}")]
        parts += [
            f"{zh if language == 'zh' else en} {row[fault]:,}"
            for fault, (zh, en) in FAULT_LABELS.items()
            if row[fault]
        ]
        said = ("，" if language == "zh" else ", ").join(parts)
        console().print(plain(f"{row['source']}: {said}"))


def _write(path: Path, found: Review, events: list[Event], errand: Errand) -> None:
    language = errand.language
    suffix = path.suffix.lower()
    if suffix == ".gpkg":
        greening_package(found, path)
        return
    if suffix == ".pdf":
        request = Request(found.as_of.isoformat(), "V0.1", language=language, paper=errand.paper)
        content = greening_booklet(found, request).pdf
    elif suffix == ".xlsx":
        content = greening_workbook(found, language, events)
    else:
        content = clearances_csv(found, language)
    with replacing(path) as scratch:
        scratch.write_bytes(content)

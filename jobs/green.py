"""`litong green`: check a district's greening design without a page, print, write."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from rich.table import Table

import layers
from atlas.greening_book import greening_booklet
from atlas.request import Request
from clearances.verdict import VERDICT_LABELS, ClearanceVerdict
from exports.greening_book import greening_workbook
from exports.greening_csv import clearances_csv
from exports.greening_package import greening_package
from greening.design import FAULT_LABELS
from greening.events import read_events
from greening.review import Review, review
from greening.species import read_species
from greening.suggest import ACTION_LABELS, Action
from greening.workflow import GreeningEvent
from jobs.opening import store_at
from jobs.printing import console, plain, show
from rules.book import load_book
from store.atomic import replacing
from wording import Language, Text, listing, say

OUT_SUFFIXES = (".xlsx", ".gpkg", ".csv", ".pdf")


def check_greening(
    path: Path,
    as_of: date,
    outs: Sequence[Path],
    *,
    profile: str,
    paper: str,
    language: Language,
) -> set[str]:
    """
    Check a design and write what was asked for; return the verdicts that occur on plantings.

    Raises
    ------
    PlanningError
        If the district, the rulebook, the record or a target cannot be used.
    """
    store = store_at(path, language)
    district, events = store.read(), read_events(store)
    book, species = load_book(overlays=district.overlays), read_species()
    found = review(district, book, species, as_of, events=events, profile=profile)
    verdicts = _print(found, language)
    request = Request(as_of.isoformat(), "V0.1", language=language, paper=paper)
    for out in outs:
        _write(out, found, events, request)
        show("terminal.wrote", language, path=out)
    return verdicts


def _print(found: Review, language: Language) -> set[str]:
    """Print how many plantings have each verdict and what is suggested; return the verdicts."""
    show("green.profile", language, name=found.profile_name)
    if found.caution:
        title = found.book.sources[found.caution].title
        show("green.superseded", language, title=title)
    if found.found.lacking:
        labels = [layers.ALL[name].label(language) for name in found.found.lacking]
        show("green.lacking", language, names=listing(labels, language))
    _print_report(found, language)
    proposed = found.found.plants[found.found.plants["plant_layer"] == "plantings"]
    table = Table(say("green.verdict", language), say("green.plantings", language))
    for verdict in ClearanceVerdict:
        count = int((proposed["verdict"] == verdict).sum())
        table.add_row(VERDICT_LABELS[verdict][language], f"{count:,}")
    console().print(table)
    actions = [one.action for one in found.suggested]
    for action, label in ACTION_LABELS.items():
        console().print(plain(f"{label[language]}: {actions.count(Action(action)):,}"))
    return set(proposed["verdict"])


def _print_report(found: Review, language: Language) -> None:
    """Print for every file how many plantings it brought and what is wrong with them."""
    if found.report.empty:
        show("green.nothing", language)
    for row in found.report.to_dict("records"):
        parts = [say("green.read", language, n=int(row["read"]), sound=int(row["sound"]))]
        parts += [
            f"{label[language]} {row[fault]:,}"
            for fault, label in FAULT_LABELS.items()
            if row[fault]
        ]
        said = Text("，", ", ")[language].join(parts)
        console().print(plain(f"{row['source']}: {said}"))


def _write(path: Path, found: Review, events: list[GreeningEvent], request: Request) -> None:
    """Write a file of the kind that its suffix names."""
    suffix = path.suffix.lower()
    if suffix == ".gpkg":
        greening_package(found, path)
        return
    if suffix == ".pdf":
        content = greening_booklet(found, request).pdf
    elif suffix == ".xlsx":
        content = greening_workbook(found, request.language, events)
    else:
        content = clearances_csv(found, request.language)
    with replacing(path) as scratch:
        scratch.write_bytes(content)

"""`litong atlas`: read a district, check it, print the booklet that an approval meeting signs."""

from dataclasses import dataclass, fields, replace
from datetime import date
from pathlib import Path

from atlas.compose import Booklet, compose, material_of
from atlas.history import changes, dump, issue_of, last_like, load
from atlas.preflight import Problem
from atlas.request import Request, TitleBlock
from atlas.sheet import Material
from jobs.opening import district_at
from jobs.printing import console, plain, progress_bar, show
from layers.district import District
from plan import load_plan
from rules.book import load_book
from rules.evaluate import evaluate
from rules.full_table import full_table
from store.atomic import replacing
from store.office import read_fields, read_issues, write_fields, write_issues
from wording import Language, Text, say

_SHOWN = 30


@dataclass(frozen=True)
class Errand:
    """What one `litong atlas` was asked for; estates may be named by id or by name."""

    path: Path
    out: Path
    as_of: date
    request: Request
    title_block: dict[str, str]


def print_atlas(errand: Errand) -> None:
    """
    Make the booklet, write it, and say what stands in the way of a formal issue and what changed.

    Raises
    ------
    PlanningError
        If the district or the rulebook cannot be used, or a formal issue has problems.
    """
    language = errand.request.language
    material = _material(errand)
    with progress_bar(say("atlas.step", language)) as report:
        booklet = compose(material, progress=report)
    with replacing(errand.out) as scratch:
        scratch.write_bytes(booklet.pdf)
    facts = {"path": errand.out, "n": len(booklet.leaves), "digest": booklet.digest}
    show("atlas.wrote", language, **facts, size=len(booklet.pdf) / 1e6)
    _print_problems(booklet.problems, language)
    _remember(errand, booklet, material)


def _material(errand: Errand) -> Material:
    district = district_at(errand.path)
    book = load_book(overlays=district.overlays)
    findings = full_table(evaluate(district, book, errand.as_of), district, book)
    remembered = read_fields(errand.path) | errand.title_block
    write_fields(errand.path, remembered)
    known = {field.name for field in fields(TitleBlock)}
    block = TitleBlock(**{key: value for key, value in remembered.items() if key in known})
    estates = _by_id(district, errand.request.estates)
    request = replace(errand.request, title_block=block, estates=estates)
    plan = load_plan(district.plan) if district.plan else None
    return material_of(district, findings, book, plan, request)


def _by_id(district: District, named: tuple[str, ...]) -> tuple[str, ...]:
    """Return estate ids where ids or names were given; what is neither stays, to be refused."""
    estates = district["estates"]
    ids = dict(zip(estates["name"], estates["estate_id"], strict=True))
    return tuple(str(ids.get(name, name)) for name in named)


def _print_problems(problems: tuple[Problem, ...], language: Language) -> None:
    if not problems:
        return
    show("atlas.problems", language, n=len(problems))
    for problem in problems[:_SHOWN]:
        console().print(plain("  " + Text(problem.zh, problem.en)[language]))
    if len(problems) > _SHOWN:
        show("terminal.more", language, n=len(problems) - _SHOWN)


def _remember(errand: Errand, booklet: Booklet, material: Material) -> None:
    """Add the booklet to the history beside the district, and print what changed."""
    language = errand.request.language
    issues = load(read_issues(errand.path))
    issue = issue_of(booklet, material)
    before = last_like(issues, issue)
    if before is not None:
        told = {"edition": before.edition, "date": before.date}
        found = changes(before, issue)
        show("atlas.changes" if found else "atlas.same", language, **told)
        for change in found[:_SHOWN]:
            console().print(plain(f"  {say(f'change.{change.kind}', language)} {change.title}"))
        if len(found) > _SHOWN:
            show("terminal.more", language, n=len(found) - _SHOWN)
    write_issues(errand.path, dump([*issues, issue]))

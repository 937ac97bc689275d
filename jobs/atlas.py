"""`litong atlas`: read a district, check it, print the booklet that an approval meeting signs."""

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import date
from pathlib import Path

from atlas.compose import compose, context_of
from atlas.history import issue_of, issued, outlined, remember
from atlas.problem import Problem
from atlas.request import PublicNotice, Request, TitleBlock
from atlas.revision import Revision
from atlas.sheet import AtlasContext
from jobs.opening import store_at
from jobs.printing import console, plain, progress_bar, show
from jobs.signing import signature
from layers.district import District
from programme.opinions import noted
from programme.sign_off import signed_off
from services.assessment import Workspace, assess
from store import Store
from store.atomic import replacing
from store.office import read_fields, write_fields
from wording import Language, say

_SHOWN = 30


def print_atlas(
    folder: Path, out: Path, as_of: date, request: Request, title_block: Mapping[str, str]
) -> None:
    """
    Make and write the booklet; print what blocks a formal issue, and what changed.

    Parameters
    ----------
    folder : Path
        The district.
    out : Path
        The PDF.
    as_of : date
        Day of the findings.
    request : Request
        The booklet; estates may be named by id or by name.
    title_block : mapping of str to str
        Fields of the title block and of the public notice; they are kept beside the district for
        the next time.

    Raises
    ------
    PlanningError
        If the district or the rulebook cannot be used, or a formal issue has problems.
    """
    language = request.language
    store = store_at(folder, language)
    context = _context(store, as_of, request, title_block)
    outline = outlined(context, issued(store), signed_off(store))
    with progress_bar(say("atlas.step", language)) as report:
        booklet = compose(context, outline=outline, progress=report)
    with replacing(out) as scratch:
        scratch.write_bytes(booklet.pdf)
    size, pages = len(booklet.pdf) / 1e6, len(booklet.page_plans)
    show("atlas.wrote", language, path=out, n=pages, size=size, digest=booklet.digest)
    _print_problems(booklet.problems, language)
    _print_changes(outline.revision, language)
    if store.is_read_only:
        show("atlas.not_recorded", language)
    else:
        remember(store, issue_of(booklet, context), entry=signature())


def _context(
    store: Store, as_of: date, request: Request, title_block: Mapping[str, str]
) -> AtlasContext:
    workspace = Workspace.opened(store)
    found = assess(workspace, as_of)
    remembered = {**read_fields(store), **title_block}
    if not store.is_read_only:
        write_fields(store, remembered, entry=signature())
    block, notice = TitleBlock(), PublicNotice()
    request = replace(
        request,
        title_block=replace(block, **_known(block, remembered)),
        notice=replace(notice, **_known(notice, remembered)),
        estates=_by_id(workspace.district, request.estates),
    )
    return context_of(
        workspace.district, found.full, workspace.book, workspace.plan, request, noted(store)
    )


def _known(filled: TitleBlock | PublicNotice, remembered: Mapping[str, str]) -> dict[str, str]:
    """Return the remembered values of the fields of `filled`."""
    names = [field.name for field in fields(filled)]
    return {name: remembered[name] for name in names if name in remembered}


def _by_id(district: District, named: tuple[str, ...]) -> tuple[str, ...]:
    """Return estate ids where ids or names were given; others stay, to be refused later."""
    estates = district["estates"]
    ids = dict(zip(estates["name"], estates["estate_id"], strict=True))
    return tuple(str(ids.get(name, name)) for name in named)


def _print_problems(problems: tuple[Problem, ...], language: Language) -> None:
    if not problems:
        return
    show("atlas.problems", language, n=len(problems))
    for problem in problems[:_SHOWN]:
        where = f"  [{problem.field.label(language)}]" if problem.field else ""
        console().print(plain(f"  {problem.label[language]}{where}"))
    if len(problems) > _SHOWN:
        show("terminal.more", language, n=len(problems) - _SHOWN)


def _print_changes(revision: Revision | None, language: Language) -> None:
    """Print what changed since the last edition."""
    if revision is None:
        return
    last = {"edition": revision.edition, "date": revision.date}
    show("atlas.changes" if revision.changes else "atlas.same", language, **last)
    if revision.unsigned:
        show("sign_off.changed", language, n=len(revision.unsigned))
    for change in revision.changes[:_SHOWN]:
        console().print(plain(f"  {say(f'change.{change.kind}', language)} {change.title}"))
    if len(revision.changes) > _SHOWN:
        show("terminal.more", language, n=len(revision.changes) - _SHOWN)

"""
History: what was issued, what has changed since, and which edition comes next.

The district's journal keeps the digests of the pages of an issue, not the pages. An edition is
issued once: what differs from it in anything printed is another edition.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, TypeAlias

from atlas.compose import Booklet, Outline
from atlas.outline import plan_body, with_front
from atlas.request import Purpose, Request, Stage
from atlas.revision import PageChange, Revision
from atlas.sheet import AtlasContext, PagePlan
from atlas.sources import page_inputs, request_digest
from geo.errors import DataError
from programme.sign_off import SignOff
from store import EntryKind, Signature, Store
from wording import Language


@dataclass(frozen=True, slots=True)
class IssuedPage:
    """A page of an issue: its stable key, 图名, digest of what it shows, 图号 ("" if not kept)."""

    key: str
    title: str
    digest: str
    number: str = ""


@dataclass(frozen=True)
class Issue:
    """
    A booklet that was issued.

    Attributes
    ----------
    date, edition, purpose, stage : str
        As printed.
    extract : str
        The body, town or estates an extract was for, "" for the whole.
    language, paper, volume : str
        As requested; a record without them counts as everything in Chinese on A3.
    data_version, book_version, sha256 : str
        Digests of the district, of the rulebook and of the file.
    pages : tuple of IssuedPage
        In order.
    request : str
        Digest of what was asked for but the edition, "" in a record without it.
    """

    date: str
    edition: str
    purpose: str
    stage: str
    extract: str
    data_version: str
    book_version: str
    sha256: str
    pages: tuple[IssuedPage, ...]
    language: Language = "zh"
    paper: str = "A3"
    volume: str = "full"
    request: str = ""

    @property
    def series(self) -> tuple[str, ...]:
        """Key of the issues it is compared with: same readers, language, paper and volume."""
        return self.purpose, self.extract, self.language, self.paper, self.volume


_FIRST = "V0.1"
_FRONT = ("cover:", "contents:", "changes:")  # keys of pages that tell of the others
_Unsigned: TypeAlias = Mapping[str, tuple[tuple[str, str], ...]]
"""Key of a page -> bodies that signed another content of it, each with the edition it signed."""
_LAST_NUMBER = re.compile(r"[0-9]{1,6}(?=[^0-9]*$)")


def outlined(
    context: AtlasContext, issues: Sequence[Issue], signed: Sequence[SignOff] = ()
) -> Outline:
    """
    Plan a booklet as the next edition of its series.

    Parameters
    ----------
    context : AtlasContext
        District, findings, rulebook, plan and request of the booklet.
    issues : sequence of Issue
        What was issued before, oldest first.
    signed : sequence of SignOff, optional
        Who signed which of them.

    Raises
    ------
    DataError
        If the edition asked for was issued with other content.
    """
    return outline_of(context, plan_body(context), issues, signed)


def outline_of(
    context: AtlasContext,
    body: Sequence[PagePlan],
    issues: Sequence[Issue],
    signed: Sequence[SignOff] = (),
) -> Outline:
    """Return the outline of a booklet whose `body` is planned already; as `outlined`."""
    pages = tuple(
        IssuedPage(plan.key, plan.title, page_inputs(context, plan).digest, plan.number)
        for plan in body
    )
    alike = [issue for issue in issues if issue.series == _series(context.request)]
    edition = _edition(context, pages, alike)
    before = next((issue for issue in reversed(alike) if issue.edition != edition), None)
    unsigned = _unsigned(alike, signed, pages)
    revision = None if before is None else _revision(before, pages, unsigned)
    return Outline(tuple(with_front(context, body, revision)), edition, revision)


def _revision(before: Issue, pages: Sequence[IssuedPage], unsigned: _Unsigned) -> Revision:
    changed = tuple(_changes(before.pages, pages, unsigned))
    return Revision(before.edition, before.date, before.stage, changed)


def _unsigned(
    alike: Sequence[Issue], signed: Sequence[SignOff], pages: Sequence[IssuedPage]
) -> _Unsigned:
    """Return the bodies whose last signature is under another content of a page, by its key."""
    issues = {issue.sha256: (n, issue) for n, issue in enumerate(alike)}
    last: dict[str, tuple[int, Issue]] = {}
    for one in signed:
        if one.issue in issues:
            found = issues[one.issue]
            last[one.body] = max(last.get(one.body, found), found, key=lambda pair: pair[0])
    now = _body(pages)
    unsigned: dict[str, list[tuple[str, str]]] = {}
    for body, (_, issue) in last.items():
        then = _body(issue.pages)
        for key in then.keys() | now.keys():
            if then.get(key) != now.get(key):
                unsigned.setdefault(key, []).append((body, issue.edition))
    return {key: tuple(sorted(bodies)) for key, bodies in unsigned.items()}


def _series(request: Request) -> tuple[str, ...]:
    extract = request.department or request.town or "、".join(request.estates)
    return request.purpose, extract, request.language, request.paper, request.volume


def _edition(context: AtlasContext, pages: tuple[IssuedPage, ...], alike: Sequence[Issue]) -> str:
    """Return the edition asked for, else that of the same content, else the next one."""
    asked, wanted = context.request.edition, _request_digest(context)
    last = alike[-1] if alike else None
    if not asked:
        if last is None:
            return _FIRST
        is_same = last.request == wanted and _body(last.pages) == _body(pages)
        return last.edition if is_same else _next(last.edition, {one.edition for one in alike})
    for issue in alike:
        if issue.edition == asked and not (
            issue.request == wanted and _body(issue.pages) == _body(pages)
        ):
            free = _next(asked, {one.edition for one in alike})
            raise DataError(
                f"edition {asked} was issued on {issue.date} with other content; "
                f"expected another, such as {free}",
                f"版本 {asked} 已于 {issue.date} 出过，内容与此不同；请改用其他版本号，如 {free}",
            )
    return asked


def _next(edition: str, taken: Collection[str]) -> str:
    """Return the first edition after `edition`, counted in its last number, that is not taken."""
    while edition in taken:
        counted = _LAST_NUMBER.sub(lambda found: str(int(found[0]) + 1), edition)
        edition = counted if counted != edition else f"{edition}.1"
    return edition


def _request_digest(context: AtlasContext) -> str:
    """Return the digest of what is asked for but the edition."""
    return request_digest(replace(context, request=replace(context.request, edition="")))


def _body(pages: Sequence[IssuedPage]) -> dict[str, str]:
    """Return the digests of pages by their keys, but of those that tell of the others."""
    return {page.key: page.digest for page in pages if not page.key.startswith(_FRONT)}


def issue_of(booklet: Booklet, context: AtlasContext) -> Issue:
    """Return the record of a booklet that the journal keeps."""
    request = context.request
    return Issue(
        date=request.date,
        edition=booklet.edition,
        purpose=request.purpose.value,
        stage=request.stage.value,
        extract=request.department or request.town or "、".join(request.estates),
        data_version=context.district.version,
        book_version=context.book.version,
        sha256=booklet.digest,
        pages=tuple(
            IssuedPage(plan.key, plan.title, booklet.digests[plan.key], plan.number)
            for plan in booklet.page_plans
        ),
        language=request.language,
        paper=request.paper,
        volume=request.volume.value,
        request=_request_digest(context),
    )


def changes(before: Issue, after: Issue) -> list[PageChange]:
    """Return the differences of two issues: pages of `after` in order, then removed pages."""
    return _changes(before.pages, after.pages, {})


def _changes(
    before: Sequence[IssuedPage], after: Sequence[IssuedPage], unsigned: _Unsigned
) -> list[PageChange]:
    old, new = _body(before), _body(after)
    found = []
    for page in (page for page in after if page.key in new):
        bodies = unsigned.get(page.key, ())
        if old.get(page.key) != page.digest:
            kind = "changed" if page.key in old else "added"
            found.append(PageChange(kind, page.title, page.number, bodies))
        elif bodies:
            found.append(PageChange("since_signed", page.title, page.number, bodies))
    return found + [
        PageChange("removed", page.title, page.number, unsigned.get(page.key, ()))
        for page in before
        if page.key in old and page.key not in new
    ]


def last_like(issues: Sequence[Issue], issue: Issue) -> Issue | None:
    """Return the latest of `issues` in the series of `issue`, None if there is none."""
    return next((old for old in reversed(issues) if old.series == issue.series), None)


def issued(store: Store) -> list[Issue]:
    """
    Return every issue recorded in the journal of a district, oldest first.

    Raises
    ------
    DataError
        If an entry of kind booklet holds no valid issue.
    """
    return [_issue(entry.payload) for entry in store.journal(EntryKind.BOOKLET)]


def remember(store: Store, issue: Issue, *, entry: Signature) -> None:
    """
    Record an issue in the journal of a district, unless it is there.

    Raises
    ------
    StoreError
        If the store cannot be written.
    """
    if issue not in issued(store):
        store.record(EntryKind.BOOKLET, asdict(issue), entry=entry)


def _issue(payload: Mapping[str, Any]) -> Issue:
    given = {name: value for name, value in payload.items() if name in Issue.__dataclass_fields__}
    try:
        pages = tuple(IssuedPage(**page) for page in given["pages"])
        known = {"purpose": Purpose(given["purpose"]).value, "stage": Stage(given["stage"]).value}
        return Issue(**{**given, **known, "pages": pages})
    except (ValueError, TypeError, KeyError) as error:
        raise DataError(
            f"the history of issued booklets cannot be read: {error}",
            f"已出图册记录无法读取：{error}",
        ) from error

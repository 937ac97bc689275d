"""
History: what was issued, and what has changed since.

The district's journal keeps the digests of the pages of an issue, not the pages.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from atlas.compose import Booklet
from atlas.request import Purpose, Stage
from atlas.sheet import AtlasContext
from geo.errors import DataError
from store import EntryKind, Signature, Store
from wording import Language


@dataclass(frozen=True, slots=True)
class IssuedPage:
    """A page of an issue: its stable key, its title and the digest of what it shows."""

    key: str
    title: str
    digest: str


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

    @property
    def series(self) -> tuple[str, ...]:
        """Key of the issues it is compared with: same readers, language, paper and volume."""
        return self.purpose, self.extract, self.language, self.paper, self.volume


@dataclass(frozen=True, slots=True)
class PageChange:
    """One difference between two issues: ``added``, ``changed`` or ``removed``, and the page."""

    kind: str
    title: str


def issue_of(booklet: Booklet, context: AtlasContext) -> Issue:
    """Return the record of a booklet that the journal keeps."""
    request = context.request
    return Issue(
        date=request.date,
        edition=request.edition,
        purpose=request.purpose.value,
        stage=request.stage.value,
        extract=request.department or request.town or "、".join(request.estates),
        data_version=context.district.version,
        book_version=context.book.version,
        sha256=booklet.digest,
        pages=tuple(
            IssuedPage(page_plan.key, page_plan.title, booklet.digests[page_plan.key])
            for page_plan in booklet.page_plans
        ),
        language=request.language,
        paper=request.paper,
        volume=request.volume.value,
    )


def changes(before: Issue, after: Issue) -> list[PageChange]:
    """Return the differences of two issues: pages of `after` in order, then removed pages."""
    old = {page.key: page for page in before.pages}
    new = {page.key for page in after.pages}
    found = [
        PageChange("added" if page.key not in old else "changed", page.title)
        for page in after.pages
        if page.key not in old or old[page.key].digest != page.digest
    ]
    return found + [
        PageChange("removed", page.title) for page in before.pages if page.key not in new
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
    Record an issue in the journal of a district.

    Raises
    ------
    StoreError
        If the store cannot be written.
    """
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

"""
`litong import`: files from outside into a district, with an account of every row.

Nothing is written before every question is answered and the planner has agreed; then all layers go
into the district in one step.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from enum import IntEnum
from pathlib import Path

import typer

import layers
from geo.errors import DataError
from intake import quarantine, sandbox
from intake.delivery import Delivery
from intake.draft import ImportDraft
from intake.pairs import OTHER, STEP
from intake.proposal import Proposal
from intake.reading import DeliveredTable, DeliveryReading
from intake.receipt import Receipt
from intake.request import ImportRequest, left_out, open_delivery, shown, undecided
from intake.sentences import explained
from jobs.interrupting import interruptible
from jobs.opening import store_at
from jobs.printing import console, plain, show
from jobs.report import print_walkways
from services.assessment import Workspace
from store import SHOWN_DIGITS, Signature, Store
from wording import Language, listing, say

_SHOWN = 20
_PAIRS = 200


class Outcome(IntEnum):
    """How an import ended, as the exit code says it."""

    COMPLETE = 0
    SET_ASIDE = 3
    """Some rows were quarantined, or a file was not read."""
    OPEN = 4
    """A question is open; nothing was written."""
    NOT_UNDERSTOOD = 5
    """No column of a table was understood but its names: nothing of it was written."""


def import_files(  # noqa: PLR0913 - what to take, and how to take part in it
    folder: Path,
    files: Sequence[Path],
    request: ImportRequest,
    *,
    entry: Signature,
    confirm: Callable[[], bool],
    rejects: Path | None,
    language: Language,
) -> Outcome:
    """
    Read, check and write files; return how it ended.

    Ctrl-C before the last row is written leaves the district as it was.

    Parameters
    ----------
    folder : Path
        The district.
    files : sequence of Path
        Files that belong together.
    request : ImportRequest
        Layer, date and answers.
    entry : Signature
        Who imports, when and why; the digest of the files is added.
    confirm : callable
        Asked before anything is written.
    rejects : Path or None
        Workbook for the rows that were not accepted.
    language : {"zh", "en"}
        Of everything printed.

    Raises
    ------
    DataError
        If there is nothing to take.
    StoreError
        If the district cannot be read or written.
    """
    store = store_at(folder, language)
    reading = sandbox.read(tuple(files))
    _print_refused(reading, language)
    if tables := undecided(reading, request):
        _print_tables(tables, request.layer, language)
        return Outcome.OPEN
    delivery = open_delivery(reading, store.read(), request, store)
    _print_delivery(delivery, request, language)
    if not delivery.parts:
        raise DataError("there is nothing to take", "没有可导入的内容")
    if delivery.questions:
        _print_questions(delivery, language)
        return Outcome.OPEN
    for error in delivery.errors:
        raise error
    _print_receipts(delivery, language)
    if rejects:
        _write_rejects(delivery, rejects, language)
    brings_nothing = [part.brings_nothing for part in delivery.parts.values()]
    if delivery.is_ready and not all(brings_nothing) and confirm():
        _write(store, delivery, replace(entry, source=reading.digest), language)
    else:
        show("terminal.nothing_written", language)
    if any(brings_nothing):
        return Outcome.NOT_UNDERSTOOD
    is_complete = not delivery.refused and not any(one.quarantined for one in delivery.receipts)
    return Outcome.COMPLETE if is_complete else Outcome.SET_ASIDE


def _print_delivery(delivery: Delivery, request: ImportRequest, language: Language) -> None:
    """Print what is left out, and the steps of every table."""
    for name, rows in left_out(delivery, request).items():
        show("import.other", language, name=name, n=rows)
    for part in delivery.parts.values():
        _print_steps(part.draft, language)


def _print_steps(draft: ImportDraft, language: Language) -> None:
    table = draft.table
    show("import.table", language, file=table.member, name=table.name, n=table.read)
    for proposal in draft.proposals:
        if proposal.chosen and not _is_own_unit(draft, proposal):
            show("import.step", language, step=proposal.step, value=shown(proposal.chosen))
    if draft.headings_left_out:
        show("import.unused", language, names=listing(draft.headings_left_out, language))


def _is_own_unit(draft: ImportDraft, proposal: Proposal) -> bool:
    """Return whether it is the unit of a column that is in the layer's own."""
    kind, _, name = proposal.step.partition(":")
    return kind == "unit" and proposal.chosen == draft.spec.column(name).unit


def _print_questions(delivery: Delivery, language: Language) -> None:
    """Print every open question with its candidates, and every pair of which one asks."""
    for question in delivery.questions:
        _print_question(question, language)
    for part in delivery.parts.values():
        _print_pairs(part.draft, language)
    typer.echo(say("import.open", language, n=len(delivery.questions)), err=True)


def _print_pairs(draft: ImportDraft, language: Language) -> None:
    """Print every row that may be a known feature, with the options to say so."""
    lines = list(_pairs(draft, language))
    if not lines:
        return
    show("import.pairs", language)
    for line in lines[:_PAIRS]:
        console().print(plain(f"      {line}"))
    if len(lines) > _PAIRS:
        show("import.more", language, n=len(lines) - _PAIRS)


def _pairs(draft: ImportDraft, language: Language) -> Iterator[str]:
    """Yield each feature that a row in question may be, with what speaks for it."""
    asked = {question.step for question in draft.questions}
    found = [*draft.pairs.open] if "key" in asked else []
    found += [*draft.pairs.conflicts] if "conflict" in asked else []
    for at in found:
        row = draft.table.rows[at]
        for one in draft.pairs.step(f"{STEP}:{row}").candidates:
            if one.value != OTHER:
                yield f"--same {one.value}=#{row}  {one.evidence[0][language]}"


def _print_tables(tables: Sequence[DeliveredTable], layer: str, language: Language) -> None:
    """Ask which tables of a drawing are for a layer, where none is called after it."""
    show("import.which_tables", language, layer=layers.ALL[layer].label(language))
    for table in tables:
        console().print(plain(f"      {table.name}  {say('import.rows', language, n=table.read)}"))
    typer.echo(say("import.open", language, n=1), err=True)


def _print_question(question: Proposal, language: Language) -> None:
    """Print a question, the option that answers it, and every candidate that may be meant."""
    option = question.step.replace(":", " ") + "=" * (":" in question.step)
    show("import.ask", language, question=question.question[language], option=option)
    for candidate in question.candidates:
        if candidate.score > 0:
            words = "; ".join(sentence[language] for sentence in candidate.evidence)
            value = shown(candidate.value) or '""'
            console().print(plain(f"      {value}  {candidate.label[language]}  {words}"))


def _print_refused(reading: DeliveryReading, language: Language) -> None:
    for refusal in (*reading.refused, *reading.ignored):
        words = explained(refusal.rule, refusal.detail)[language]
        console().print(plain(f"{refusal.member}: {words}"))


def _print_receipts(delivery: Delivery, language: Language) -> None:
    """Print the receipt of every table, and what the walkways then fail to join."""
    for receipt in delivery.receipts:
        _print_receipt(receipt, language)
    if any(receipt.layer == "walkways" for receipt in delivery.receipts):
        print_walkways(Workspace.of(delivery.after).walkways, language)


def _print_receipt(receipt: Receipt, language: Language) -> None:
    console().print(plain(receipt.summary[language]))
    for note in receipt.notes:
        console().print(plain(f"  {note[language]}"))
    for repair in receipt.repairs:
        words = explained(repair.rule, repair.detail)[language]
        areas = f"{repair.area_before_m2:.1f} → {repair.area_after_m2:.1f} m²"
        console().print(plain(f"  {repair.row}: {words} {areas}"))
    for held in receipt.quarantined[:_SHOWN]:
        last = f"–{held.row + held.count - 1}" if held.count > 1 else ""
        words = "; ".join(reason.sentence[language] for reason in held.reasons)
        console().print(plain(f"  ✗ {held.row}{last}: {words}"))
    if len(receipt.quarantined) > _SHOWN:
        show("import.more", language, n=len(receipt.quarantined) - _SHOWN)


def _write_rejects(delivery: Delivery, path: Path, language: Language) -> None:
    """Write the rows that were not accepted as a workbook, if there are any."""
    if delivery.refused or any(receipt.quarantined for receipt in delivery.receipts):
        path.write_bytes(quarantine.workbook(delivery.receipts, delivery.refused))
        show("import.quarantined", language, path=path)


def _write(store: Store, delivery: Delivery, entry: Signature, language: Language) -> None:
    with interruptible() as step:
        base = delivery.district.version
        change = store.apply(delivery.edit, base=base, entry=entry, progress=step)
        delivery.remember(entry)
        old, new = base[:SHOWN_DIGITS], change.version[:SHOWN_DIGITS]
        show("import.done", language, old=old, new=new)

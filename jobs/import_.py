"""
`litong import`: files from outside into a district, with an account of every row.

Nothing is written before every question is answered and the planner has agreed; then all layers go
into the district in one step.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import typer

import layers
from geo.errors import DataError
from intake import keys, quarantine, sandbox
from intake.datum import read_parameters
from intake.delivery import Delivery, fits
from intake.draft import Draft
from intake.positions import is_match
from intake.proposal import Proposal
from intake.reading import Reading
from intake.receipt import Quarantined, Receipt
from intake.sentences import explained
from jobs.interrupting import interruptible
from jobs.opening import store_at
from jobs.printing import console, plain, show
from layers.district import District
from store import Signature, Store
from wording import Language, listing, say

_SHOWN = 20


@dataclass(frozen=True)
class Errand:
    """
    What `litong import` was asked for.

    Attributes
    ----------
    folder : Path
        The district.
    files : tuple of Path
        Files dropped together.
    layer : str
        The layer they are for, "" for the one that each table looks like.
    date : str
        Date of the data, ISO 8601.
    table : str
        Only this table of the files, "" for all that fit.
    choices : mapping of str to str
        Answers by step: encoding, position, crs, repair, outside, column:<name>, key.
    seven_parameters : Path or None
        File with the shift of an old datum; used, and neither stored nor shown.
    quarantine : Path or None
        Workbook for the rows that were not accepted.
    by, at : str
        Who imports, and when (ISO 8601), for the trail.
    yes : bool
        Whether to write without asking.
    language : {"zh", "en"}
        Language of everything printed.
    """

    folder: Path
    files: tuple[Path, ...]
    layer: str
    date: str
    table: str = ""
    choices: dict[str, str] = field(default_factory=dict)
    seven_parameters: Path | None = None
    quarantine: Path | None = None
    by: str = ""
    at: str = ""
    yes: bool = False
    language: Language = "zh"


def import_files(errand: Errand) -> bool:
    """
    Read, check and write files; return whether every row of every file was accepted.

    Ctrl-C before the last row is written leaves the district as it was.

    Raises
    ------
    DataError
        If a question is open, or there is nothing to take.
    StoreError
        If the district cannot be read or written.
    """
    if errand.layer and errand.layer not in layers.SURVEYED:
        names = ", ".join(layers.SURVEYED)
        raise DataError(
            f"unknown layer {errand.layer}; expected one of {names}",
            f"未知图层 {errand.layer}；应为 {names} 之一",
        )
    store = store_at(errand.folder)
    district = store.read()
    reading = sandbox.read(errand.files)
    _tell_refused(reading, errand.language)
    opened = Delivery.of(
        reading, district, errand.date, folder=errand.folder, wanted=_wanted(reading, errand)
    )
    _tell_left_out(opened, errand)
    delivery = _answered(opened, errand)
    _require_answers([part.draft for part in delivery.parts.values()], errand.language)
    after = _require_sound(delivery)
    receipts = delivery.receipts
    for receipt in receipts:
        _tell(receipt, errand.language)
    _keep(receipts, delivery.refused, errand)
    if any(len(receipt.accepted) for receipt in receipts) and _is_agreed(errand):
        _write(store, after, delivery, errand)
    else:
        show("terminal.nothing_written", errand.language)
    return not delivery.refused and not any(receipt.quarantined for receipt in receipts)


def _wanted(reading: Reading, errand: Errand) -> dict[int, str] | None:
    """Return the tables to take: the one named, or all whose geometry fits; None for any layer."""
    if not errand.layer:
        return None
    geometry = layers.ALL[errand.layer].geometry
    alone = len(reading.tables) == 1
    return {
        number: errand.layer
        for number, table in enumerate(reading.tables)
        if table.name == errand.table or (not errand.table and (alone or fits(table, geometry)))
    }


def _tell_left_out(delivery: Delivery, errand: Errand) -> None:
    """Tell every table with rows that is not taken."""
    for number, table in enumerate(delivery.reading.tables):
        if number not in delivery.wanted and table.read and not errand.table:
            show("import.other", errand.language, name=table.name, n=table.read)


def _answered(delivery: Delivery, errand: Errand) -> Delivery:
    """Return the delivery with the answers of the command line, and tell its steps."""
    _require_one_reference(delivery, errand)
    seven = read_parameters(errand.seven_parameters) if errand.seven_parameters else None
    for number in delivery.parts:
        draft = replace(delivery.parts[number].draft, parameters=seven)
        for step, value in errand.choices.items():
            draft = _chosen(draft, step, value)
        delivery = delivery.with_draft(number, draft)
        _tell_steps(draft, errand.language)
    return delivery


def _require_one_reference(delivery: Delivery, errand: Errand) -> None:
    """Refuse one --crs for rows of a sheet that itself says they are in several."""
    tables = [delivery.reading.tables[number] for number in delivery.parts]
    said = sorted({table.crs for table in tables if table.format in {"workbook", "delimited"}})
    if "crs" in errand.choices and len(said) > 1:
        names = "、".join(table.name for table in tables)
        raise DataError(
            f"--crs: the rows are in several coordinate systems; take each by --table: {names}",
            f"--crs：各行的坐标系不同，请用 --table 分别导入：{names}",
        )


def _chosen(draft: Draft, step: str, value: str) -> Draft:
    """Return the draft with one answer, written as the questions are printed."""
    if step == "crs" and is_match(draft.proposal("position").chosen or ""):
        return draft  # rows that lie where known features do have no coordinates of their own
    if step == "key" and value not in {keys.GENERATE, keys.KNOWN, keys.NAME}:
        draft = draft.choose(f"column:{draft.spec.key}", value)
    offered = [candidate.value for candidate in draft.proposal(step).candidates]
    shown = {_shown(one): one for one in offered}
    plain_words = value.replace(" ", "\t") if step == "position" else value
    return draft.choose(step, shown.get(value, plain_words))


def _shown(value: str) -> str:
    return value.replace("\t", " ")


def _tell_steps(draft: Draft, language: Language) -> None:
    table = draft.table
    show("import.table", language, file=table.member, name=table.name, n=table.read)
    for proposal in draft.proposals:
        if proposal.chosen:
            show("import.step", language, step=proposal.step, value=_shown(proposal.chosen))
    if draft.headings_left_out:
        show("import.unused", language, names=listing(draft.headings_left_out, language))


def _require_sound(delivery: Delivery) -> District:
    """Return the district with everything accepted; raise the first reason why there is none."""
    for error in delivery.errors:
        raise error
    return delivery.after


def _require_answers(drafts: Sequence[Draft], language: Language) -> None:
    """Print every open question with its candidates, and stop if there is one."""
    questions = [question for draft in drafts for question in draft.questions]
    for question in questions:
        _ask(question, language)
    if questions:
        raise DataError(
            f"{len(questions)} questions are open; nothing was written",
            f"还有 {len(questions)} 个问题待确认；未写入任何内容",
        )
    if not drafts:
        raise DataError("there is nothing to take", "没有可导入的内容")


def _ask(question: Proposal, language: Language) -> None:
    option = question.step.split(":", maxsplit=1)[0]
    show("import.ask", language, question=question.question[language], option=option)
    for candidate in question.candidates:
        words = "; ".join(sentence[language] for sentence in candidate.evidence)
        shown = _shown(candidate.value)
        console().print(plain(f"      {shown}  {candidate.label[language]}  {words}"))


def _tell_refused(reading: Reading, language: Language) -> None:
    for refusal in (*reading.refused, *reading.ignored):
        words = explained(refusal.rule, refusal.detail)[language]
        console().print(plain(f"{refusal.member}: {words}"))


def _tell(receipt: Receipt, language: Language) -> None:
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


def _keep(receipts: Sequence[Receipt], refused: Sequence[Quarantined], errand: Errand) -> None:
    """Write the quarantine workbook if one was asked for and there is something to put into it."""
    held = refused or any(receipt.quarantined for receipt in receipts)
    if errand.quarantine and held:
        errand.quarantine.write_bytes(quarantine.workbook(receipts, refused))
        show("import.quarantined", errand.language, path=errand.quarantine)


def _is_agreed(errand: Errand) -> bool:
    if errand.yes:
        return True
    return typer.confirm(str(plain(say("import.confirm", errand.language, folder=errand.folder))))


def _write(store: Store, after: District, delivery: Delivery, errand: Errand) -> None:
    why = f"litong import: {'、'.join(file.name for file in errand.files)} → {errand.layer}"
    entry = Signature(errand.by, errand.at, why, delivery.reading.digest)
    with interruptible() as step:
        change = store.apply(after, base=delivery.district, entry=entry, progress=step)
        delivery.remember()
        old, new = delivery.district.version[:12], change.version[:12]
        show("import.done", errand.language, old=old, new=new)

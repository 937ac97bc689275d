"""What comes of a delivery: every row accounted for, every fault named, and the way in."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import streamlit as st

import layers
from intake import quarantine
from intake.delivery import Delivery, Part
from intake.receipt import Quarantined, Receipt
from layers.spec import Fault
from views import data_correct
from views.text import Words, plain

_FAULTS_SHOWN = 500
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Report:
    """What an accepted delivery came to."""

    delivery: Delivery
    before: str
    after: str


def show_outcome(delivery: Delivery, words: Words) -> None:
    """Draw what would become of every row, and what is wrong with those that cannot be taken."""
    for error in delivery.errors:
        st.error(words("This table cannot be taken:"))
        st.text(error.sentence(words.language))
    for part in delivery.parts.values():
        if isinstance(part.receipt, Receipt):
            _show_sum(part, words)
    if any(True for _ in _held(delivery)):
        _show_quarantine(delivery, words)
    data_correct.show(delivery, words)


def _show_sum(part: Part, words: Words) -> None:
    """Draw the account of one table: read = accepted + quarantined, and what is new."""
    receipt = part.receipt
    assert isinstance(receipt, Receipt)  # noqa: S101  (asked for by the caller)
    key = part.draft.spec.key
    known = receipt.accepted[key].isin(set(part.before[receipt.layer][key])).sum()
    st.markdown(
        words(
            "**{layer}**　read {read} = accepted {accepted} + quarantined {held}　"
            "(new {new}, already there {known}, repaired {repaired})",
            layer=plain(layers.ALL[receipt.layer].label(words.language)),
            read=f"{receipt.read:,}",
            accepted=f"{len(receipt.accepted):,}",
            held=f"{receipt.quarantined_rows:,}",
            new=f"{len(receipt.accepted) - known:,}",
            known=f"{known:,}",
            repaired=f"{len(receipt.repairs):,}",
        )
    )


def _held(delivery: Delivery) -> Iterator[tuple[Receipt | None, Quarantined]]:
    for receipt in delivery.receipts:
        for held in receipt.quarantined:
            yield receipt, held
    for held in delivery.refused:
        yield None, held


def fault_rows(delivery: Delivery, words: Words) -> list[dict[str, object]]:
    """Return one row for every reason of every row that was not accepted."""
    found: list[dict[str, object]] = []
    for receipt, held in _held(delivery):
        layer = layers.ALL[receipt.layer].label(words.language) if receipt else ""
        last = f"–{held.row + held.count - 1}" if held.count > 1 else ""
        for reason in held.reasons:
            fault = reason.fault
            found.append(
                {
                    words("File"): held.member,
                    words("Layer"): layer,
                    words("Row"): f"{held.row}{last}" if held.row else "",
                    words("Column"): fault.column if fault else "",
                    words("Label"): fault.label_zh if fault else "",
                    words("Found"): fault.found if fault else reason.detail,
                    words("Expected"): _expected(fault, words),
                    words("Reason"): reason.sentence(words.language),
                }
            )
    return found


def _expected(fault: Fault | None, words: Words) -> str:
    return words.pick((fault.expected_zh, fault.expected_en)) if fault else ""


def _show_quarantine(delivery: Delivery, words: Words) -> None:
    """List every fault of every quarantined row, and offer the rows as a workbook."""
    rows = fault_rows(delivery, words)
    st.markdown(f"**{words('Not accepted: every row with every fault')}**")
    st.dataframe(rows[:_FAULTS_SHOWN], hide_index=True, key="import_faults")
    if len(rows) > _FAULTS_SHOWN:
        st.caption(words("{n} more stand in the workbook.", n=f"{len(rows) - _FAULTS_SHOWN:,}"))
    offer_quarantine(delivery.receipts, delivery.refused, words)


def offer_quarantine(
    receipts: Sequence[Receipt], refused: Sequence[Quarantined], words: Words
) -> None:
    """Offer the quarantined rows as a workbook to be corrected and dropped here again."""
    st.download_button(
        words("Download the quarantined rows"),
        data=lambda: quarantine.workbook(receipts, refused),
        file_name="quarantine.xlsx",
        mime=_XLSX,
        icon=":material/download:",
        on_click="ignore",
        key="import_quarantine",
    )
    st.caption(words("Correct them in the workbook and drop it here like any other file."))


def show_report(report: Report, words: Words) -> None:
    """Draw what was written."""
    st.success(
        words("Written: version {before} → {after}", before=report.before, after=report.after)
    )
    for part in report.delivery.parts.values():
        if isinstance(part.receipt, Receipt):
            _show_sum(part, words)
    if any(True for _ in _held(report.delivery)):
        _show_quarantine(report.delivery, words)

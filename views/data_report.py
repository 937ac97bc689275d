"""The outcome of a delivery: every row accounted for, every fault named."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import streamlit as st

import layers
from access.roles import Act
from intake import quarantine
from intake.delivery import Delivery, DeliveryPart
from intake.receipt import QuarantineRecord, Receipt
from layers.spec import Fault
from views import data_correct, taking
from views.error_text import told
from views.markdown import escaped
from wording import Language, Text, say

_FAULTS_SHOWN = 500
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class ImportReport:
    """An accepted delivery, and the district's version before and after it."""

    delivery: Delivery
    before: str
    after: str


def show_outcome(delivery: Delivery, language: Language) -> None:
    """Draw the outcome of every row, and the faults of those that cannot be accepted."""
    for error in delivery.errors:
        st.error(say("data.table_refused", language))
        st.text(told(error, language))
    for part in delivery.parts.values():
        if isinstance(part.receipt, Receipt):
            _show_sum(part, language)
    if any(True for _ in _held(delivery)):
        _show_quarantine(delivery, language)
    data_correct.show(delivery, language)


def _show_sum(part: DeliveryPart, language: Language) -> None:
    """Draw the account of one table: read = accepted + quarantined, and what is new."""
    receipt = part.receipt
    assert isinstance(receipt, Receipt)  # noqa: S101  (asked for by the caller)
    key = part.draft.spec.key
    known = receipt.accepted[key].isin(set(part.before[receipt.layer][key])).sum()
    st.markdown(
        say(
            "data.account",
            language,
            layer=escaped(layers.ALL[receipt.layer].label(language)),
            read=f"{receipt.read:,}",
            accepted=f"{len(receipt.accepted):,}",
            held=f"{receipt.quarantined_rows:,}",
            new=f"{len(receipt.accepted) - known:,}",
            known=f"{known:,}",
            repaired=f"{len(receipt.repairs):,}",
        )
    )


def _held(delivery: Delivery) -> Iterator[tuple[Receipt | None, QuarantineRecord]]:
    for receipt in delivery.receipts:
        for held in receipt.quarantined:
            yield receipt, held
    for held in delivery.refused:
        yield None, held


def fault_rows(delivery: Delivery, language: Language) -> list[dict[str, object]]:
    """Return one row for every reason of every row that was not accepted."""
    found: list[dict[str, object]] = []
    for receipt, held in _held(delivery):
        layer = layers.ALL[receipt.layer].label(language) if receipt else ""
        last = f"–{held.row + held.count - 1}" if held.count > 1 else ""
        for reason in held.reasons:
            fault = reason.fault
            found.append(
                {
                    say("data.file", language): held.member,
                    say("data.layer", language): layer,
                    say("data.row", language): f"{held.row}{last}" if held.row else "",
                    say("data.column", language): fault.column if fault else "",
                    say("data.label", language): fault.label_zh if fault else "",
                    say("data.found", language): fault.found if fault else reason.detail,
                    say("data.expected", language): _expected(fault, language),
                    say("common.reason", language): reason.sentence[language],
                }
            )
    return found


def _expected(fault: Fault | None, language: Language) -> str:
    return Text(fault.expected_zh, fault.expected_en)[language] if fault else ""


def _show_quarantine(delivery: Delivery, language: Language) -> None:
    """List every fault of every quarantined row, and offer the rows as a workbook."""
    rows = fault_rows(delivery, language)
    st.markdown(f"**{say('data.quarantined_rows', language)}**")
    st.dataframe(rows[:_FAULTS_SHOWN], hide_index=True, key="import_faults")
    if len(rows) > _FAULTS_SHOWN:
        st.caption(say("data.more_in_workbook", language, n=len(rows) - _FAULTS_SHOWN))
    offer_quarantine(delivery.receipts, delivery.refused, language)


def offer_quarantine(
    receipts: Sequence[Receipt], refused: Sequence[QuarantineRecord], language: Language
) -> None:
    """Offer the quarantined rows as a workbook to be corrected and dropped here again."""
    taking.offer(
        say("data.download_quarantined_rows", language),
        lambda: quarantine.workbook(receipts, refused),
        "quarantine.xlsx",
        _XLSX,
        language,
        act=Act.IMPORT,
        key="import_quarantine",
    )
    st.caption(say("data.quarantine_hint", language))


def show_report(report: ImportReport, language: Language) -> None:
    """Draw what was written."""
    st.success(say("data.written", language, before=report.before, after=report.after))
    for part in report.delivery.parts.values():
        if isinstance(part.receipt, Receipt):
            _show_sum(part, language)
    if any(True for _ in _held(report.delivery)):
        _show_quarantine(report.delivery, language)

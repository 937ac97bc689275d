"""The rules: what every estate is held against, by which clause, and how sure that is."""

import pandas as pd
import streamlit as st

from layers.findings import CLASSES, GAP_KINDS, STRENGTH_LABELS, VERIFIED_LABELS
from rules.book import Book
from views import wording
from views.session import current_workspace
from views.text import Words


def render(words: Words) -> None:
    """Draw the page."""
    book = current_workspace(words).book
    st.markdown(f"### {words('Rules')}")
    st.caption(
        words(
            "A clause written for new buildings is a yardstick for an old estate, never a breach. "
            "A figure held only from memory is marked as to be verified."
        )
    )
    st.dataframe(rule_table(book, words), hide_index=True, height=640, key="rule_table")


def rule_table(book: Book, words: Words) -> pd.DataFrame:
    """Return every rule of `book`, in force or not, with headings of the user's language."""
    rows = []
    for rule in book.rules:
        item = book.items[rule.item]
        limit = wording.figures(float("nan"), rule.op, _value(rule.value), rule.unit, words)
        bodies = [book.departments[name] for name in item.departments]
        rows.append(
            {
                words("Class"): words.pick(CLASSES[item.item_class]),
                words("Kind of gap"): words.pick(GAP_KINDS[item.gap]),
                words("Item"): item.zh if words.language == "zh" else item.en,
                words("Metric"): rule.metric_zh if words.language == "zh" else rule.metric_en,
                words("Threshold"): limit,
                words("Clause"): f"{book.sources[rule.source].title} {rule.clause}",
                words("Strength"): words.pick(STRENGTH_LABELS[rule.strength]),
                words("How verified"): words.pick(VERIFIED_LABELS[rule.verified]),
                words("Binds"): words("yardstick")
                if rule.bearing == "reference_only"
                else words("existing estates"),
                words("In force from"): str(rule.effective_from or "—"),
                words("until"): str(rule.effective_to or "—"),
                words("Responsible"): "、".join(
                    body.name if words.language == "zh" else body.name_en for body in bodies
                ),
                words("Rule"): rule.id,
            }
        )
    return pd.DataFrame(rows)


def _value(value: float | None) -> float:
    return float("nan") if value is None else value

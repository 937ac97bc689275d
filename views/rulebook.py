"""The rules: what every estate is held against, by which clause, and how sure that is."""

import pandas as pd
import streamlit as st

from layers.findings import CLASSES, GAP_KINDS, STRENGTH_LABELS, VERIFIED_LABELS
from rules.book import Book
from views import figures
from views.session import current_workspace
from wording import Language, say


def render(language: Language) -> None:
    """Draw the page."""
    book = current_workspace(language).book
    st.markdown(f"### {say('common.rules', language)}")
    st.caption(say("rules.intro", language))
    st.dataframe(rule_table(book, language), hide_index=True, height=640, key="rule_table")


def rule_table(book: Book, language: Language) -> pd.DataFrame:
    """Return every rule of `book`, in force or not, with headings of the user's language."""
    rows = []
    for rule in book.rules:
        item = book.items[rule.item]
        limit = figures.value_and_limit(
            float("nan"), rule.op, _value(rule.value), rule.unit, language
        )
        bodies = [book.departments[name] for name in item.departments]
        rows.append(
            {
                say("common.class", language): CLASSES[item.item_class][language],
                say("common.kind_of_gap", language): GAP_KINDS[item.gap][language],
                say("common.item", language): item.label[language],
                say("common.metric", language): rule.metric[language],
                say("common.threshold", language): limit,
                say("common.clause", language): f"{book.sources[rule.source].title} {rule.clause}",
                say("rules.strength", language): STRENGTH_LABELS[rule.strength][language],
                say("common.how_verified", language): VERIFIED_LABELS[rule.verified][language],
                say("rules.binds", language): say("rules.yardstick", language)
                if rule.bearing == "reference_only"
                else say("rules.existing_estates", language),
                say("rules.effective_from", language): str(rule.effective_from or "—"),
                say("rules.until", language): str(rule.effective_to or "—"),
                say("common.responsible", language): "、".join(
                    body.label[language] for body in bodies
                ),
                say("common.rule", language): rule.id,
            }
        )
    return pd.DataFrame(rows)


def _value(value: float | None) -> float:
    return float("nan") if value is None else value

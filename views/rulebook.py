"""The rules: what every estate is evaluated by, from which clause, and how well verified."""

from datetime import date

import pandas as pd
import streamlit as st

from layers.findings import CLASSES, GAP_KINDS, STRENGTH_LABELS, VERIFIED_LABELS, cited
from rules.bodies import responsible
from rules.book import Book
from rules.explained import explained, required, why
from views.session import current_workspace, today
from wording import Language, listing, say


def render(language: Language) -> None:
    """Draw the page."""
    book = current_workspace(language).book
    st.markdown(f"### {say('common.rules', language)}")
    st.caption(say("rules.intro", language))
    day = today()
    chosen = st.dataframe(
        rule_table(book, day, language),
        hide_index=True,
        height=560,
        key="rule_table",
        on_select="rerun",
        selection_mode="single-row",
    )
    for row in chosen["selection"]["rows"]:
        st.text("\n".join(explained(book, book.rules[row], day).lines(language)))


def rule_table(book: Book, as_of: date, language: Language) -> pd.DataFrame:
    """Return every rule of `book`, in force or not, with headings of the user's language."""
    rows = []
    for rule in book.rules:
        item = book.items[rule.item]
        bodies = responsible(item, book.departments)
        rows.append(
            {
                say("common.class", language): CLASSES[item.item_class][language],
                say("common.kind_of_gap", language): GAP_KINDS[item.gap][language],
                say("common.item", language): item.label[language],
                say("common.metric", language): rule.metric[language],
                say("common.threshold", language): required(rule)[language],
                say("common.clause", language): cited(book.sources[rule.source].title, rule.clause),
                say("rules.strength", language): STRENGTH_LABELS[rule.strength_on(as_of)][language],
                say("common.how_verified", language): VERIFIED_LABELS[rule.verified][language],
                say("rules.binds", language): why(book, rule, as_of)[language],
                say("rules.effective_from", language): str(rule.effective_from or "—"),
                say("rules.until", language): str(rule.effective_to or "—"),
                say("common.responsible", language): bodies.lead[language],
                say("gaps.assisting", language): listing(
                    (body[language] for body in bodies.assisting), language
                ),
                say("common.rule", language): rule.id,
            }
        )
    return pd.DataFrame(rows)

"""A revised design of a site replaces the one before; the difference is shown first."""

import streamlit as st

from edits.named import remove_planting
from greening.revision import Revision, designs_of, revision
from greening.workflow import EventKind
from views.greening_session import GreeningSession, write
from wording import Language, say


def show(session: GreeningSession, site_id: str, language: Language) -> None:
    """Where a site holds plantings of several designs, offer to keep one of them."""
    plantings = session.review.district["plantings"]
    stays = (plantings["state"] != "removed").fillna(value=True)
    own = plantings[(plantings["site_id"] == site_id) & stays]
    designs = designs_of(own)
    if len(designs) < 2:  # noqa: PLR2004 - one alone replaces nothing
        return
    with st.container(border=True, key="revision"):
        st.markdown(f"**{say('greening.several_designs', language)}** {len(designs)}")
        with st.container(horizontal=True):
            later = _choose(say("greening.design_kept", language), designs, f"later_{site_id}")
            others = [one for one in designs if one != later]
            earlier = _choose(
                say("greening.design_replaced", language), others, f"earlier_{site_id}"
            )
        found = revision(own, earlier, later, session.review.book.planting.duplicate_m)
        st.markdown(_difference(found, language))
        st.caption(say("greening.replacement_hint", language))
        said = f"{' · '.join(earlier)} → {' · '.join(later)} · {_difference(found, language)}"
        st.button(
            say("greening.replace_design", language, n=len(found.replaced)),
            key="replace_design",
            on_click=_replace,
            args=(session, site_id, found, said, language),
        )


def _choose(label: str, designs: list[tuple[str, str]], key: str) -> tuple[str, str]:
    """Ask for a design; the latest unless another is chosen."""
    last = len(designs) - 1
    return st.selectbox(label, designs, index=last, key=key, format_func=" · ".join)


def _difference(found: Revision, language: Language) -> str:
    return say(
        "greening.revision_counts",
        language,
        same=found.same,
        moved=found.moved,
        new=found.new,
        removed=found.removed,
    )


def _replace(
    session: GreeningSession, site_id: str, found: Revision, said: str, language: Language
) -> None:
    edit = remove_planting(session.review.kept, *found.replaced)
    event = session.event(site_id, EventKind.CHANGE, {"comment": said})
    write(session, event, language, edit=edit)

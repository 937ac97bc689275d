"""A revised design of a site replaces the one before; the difference is shown first."""

import streamlit as st

from greening.changes import payload_of
from greening.revision import Revision, designs_of, revision
from greening.workflow import Kind
from views.greening_desk import Desk, write
from views.text import Words


def show(desk: Desk, site_id: str, words: Words) -> None:
    """Where a site holds plantings of several designs, offer to keep one of them."""
    plantings = desk.review.district["plantings"]
    standing = (plantings["state"] != "removed").fillna(value=True)
    own = plantings[(plantings["site_id"] == site_id) & standing]
    designs = designs_of(own)
    if len(designs) < 2:  # noqa: PLR2004 - one alone replaces nothing
        return
    with st.container(border=True, key="revision"):
        st.markdown(f"**{words('Several designs in this site')}** {len(designs)}")
        with st.container(horizontal=True):
            later = _choose(words("Design that stays"), designs, f"later_{site_id}")
            others = [one for one in designs if one != later]
            earlier = _choose(words("Design that it replaces"), others, f"earlier_{site_id}")
        found = revision(own, earlier, later, desk.review.requirements.duplicate_m)
        st.markdown(_difference(found, words))
        st.caption(words("What is replaced is kept in the record and can be brought back."))
        said = f"{' · '.join(earlier)} → {' · '.join(later)} · {_difference(found, words)}"
        st.button(
            words("Replace the earlier design {n}", n=len(found.changes)),
            key="replace_design",
            on_click=_replace,
            args=(desk, site_id, found, said, words),
        )


def _choose(label: str, designs: list[tuple[str, str]], key: str) -> tuple[str, str]:
    """Ask for a design; the latest unless another is chosen."""
    last = len(designs) - 1
    return st.selectbox(label, designs, index=last, key=key, format_func=" · ".join)


def _difference(found: Revision, words: Words) -> str:
    return words(
        "Same place {same}, moved {moved}, new {new}, no longer there {removed}",
        same=found.same,
        moved=found.moved,
        new=found.new,
        removed=found.removed,
    )


def _replace(desk: Desk, site_id: str, found: Revision, said: str, words: Words) -> None:
    write(desk, site_id, Kind.CHANGE, payload_of(found.changes) | {"comment": said}, words)

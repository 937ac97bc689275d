"""
The form for the visit to a site, for a phone: find the tree, say whether it lives, add a photo.

It works against the intranet server; a photo is checked by its content and kept in the
district's store.
"""

import math

import pandas as pd
import streamlit as st

from geo.errors import PlanningError
from greening.photos import take_photo
from greening.workflow import FATES, EventKind
from views import said
from views.error_text import told
from views.greening_session import GreeningSession, number_of, write
from views.markdown import escaped
from wording import Language, say

_NOTE_CHARACTERS = 300
_WAYS = {"number": "greening.by_number", "position": "greening.by_position"}


def show(session: GreeningSession, language: Language) -> None:
    """Draw the form."""
    with st.container(key="site_visit"):
        planting_id = _find(session, language)
        if planting_id:
            _form(session, planting_id, language)


def _find(session: GreeningSession, language: Language) -> str:
    """Find a planting by the number on its tag, or the one nearest to a position."""
    by = st.segmented_control(
        say("greening.find_tree_by", language),
        list(_WAYS),
        key="find_by",
        default="number",
        required=True,
        format_func=lambda way: say(_WAYS[way], language),
    )
    plantings = session.review.district["plantings"]
    plantings = plantings[(plantings["state"] != "removed").fillna(value=True)]
    if by == "number":
        wanted = st.text_input(
            say("greening.number_tag", language), key="tag_number", max_chars=20
        ).strip()
        found = plantings[plantings["number"] == wanted]
    else:
        east = st.number_input("X (E) m", key="at_east", value=None, format="%.2f")
        north = st.number_input("Y (N) m", key="at_north", value=None, format="%.2f")
        wanted = "" if east is None or north is None else "at"
        x, y = plantings.geometry.x, plantings.geometry.y
        gaps = [math.hypot(a - (east or 0), b - (north or 0)) for a, b in zip(x, y, strict=True)]
        found = plantings.iloc[[gaps.index(min(gaps))]] if wanted and gaps else plantings.iloc[:0]
    if wanted and found.empty:
        st.warning(say("greening.no_such_number", language))
    return _of_one_site(session, found, language)


def _of_one_site(session: GreeningSession, found: pd.DataFrame, language: Language) -> str:
    """Return the planting meant: two designs may use a number twice; "" where none can be."""
    planted = found[found["site_id"].notna()]
    if len(found) and planted.empty:
        st.warning(say("greening.outside_sites", language))
    if planted.empty:
        return ""
    ids = planted["planting_id"].tolist()
    if len(ids) == 1:
        return str(ids[0])
    estates = session.review.survival.set_index("site_id")["estate"].to_dict()
    sites = planted.set_index("planting_id")["site_id"].to_dict()
    return str(
        st.selectbox(
            say("greening.several_have_number", language),
            ids,
            key="which_planting",
            format_func=lambda one: f"{estates.get(sites[one], '—')} · {sites[one]}",
        )
    )


def _form(session: GreeningSession, planting_id: str, language: Language) -> None:
    row = session.review.district["plantings"].set_index("planting_id").loc[planting_id]
    species = session.review.species.get(str(row["species_id"]))
    name = species.name[language] if species else "—"
    place = session.review.survival.set_index("site_id").loc[row["site_id"]]
    known = session.status(str(row["site_id"])).fates.get(planting_id, "")
    with st.container(border=True, key="planting_found"):
        st.markdown(f"### {escaped(row['number'])} {escaped(name)}")
        st.caption(escaped(f"{place['town']} · {place['estate']} · {row['site_id']}"))
        st.caption(f"X {row.geometry.x:.2f}　Y {row.geometry.y:.2f}")
        if known:
            st.caption(say("greening.last_count", language, fate=FATES[known][language]))
    fate = st.segmented_control(
        say("greening.fate", language),
        list(FATES),
        key=f"fate_{planting_id}",
        format_func=lambda code: FATES[code][language],
    )
    st.text_area(
        say("greening.note", language),
        key=f"note_{planting_id}",
        max_chars=_NOTE_CHARACTERS,
        height=68,
    )
    st.file_uploader(
        say("greening.photo_jpeg_png", language),
        type=["jpg", "jpeg", "png"],
        key=f"photo_{planting_id}",
    )
    st.checkbox(say("greening.strip_photo", language), value=True, key="strip_photo")
    st.button(
        say("greening.save", language),
        type="primary",
        key="save_visit",
        width="stretch",
        disabled=fate is None,
        on_click=_save,
        args=(session, str(row["site_id"]), planting_id, language),
    )


def _save(session: GreeningSession, site_id: str, planting_id: str, language: Language) -> None:
    """Write the count; nothing is kept of a photo that is refused."""
    state = st.session_state
    payload = {
        "planting_id": planting_id,
        "number": number_of(session, planting_id),
        "was": session.status(site_id).fates.get(planting_id, ""),
        "fate": state.get(f"fate_{planting_id}"),
        "note": str(state.get(f"note_{planting_id}", "")).strip(),
    }
    photos = []
    upload = state.get(f"photo_{planting_id}")
    try:
        if upload is not None:
            photo = take_photo(upload.getvalue(), strip=bool(state.get("strip_photo", True)))
            payload["photo"] = photo.name
            photos.append(photo.content)
    except PlanningError as error:
        said.note_error("greening", told(error, language))
        return
    if write(session, session.event(site_id, EventKind.COUNT, payload), language, photos=photos):
        state[f"note_{planting_id}"] = ""
        state[f"fate_{planting_id}"] = None  # a second tap writes nothing twice

"""What can be taken away: the survey template, the district in every form, and a backup."""

from functools import partial

import streamlit as st

from access.roles import Act
from exports.handover import FORMATS, export_bytes
from layers.district import District
from services.assessment import Workspace
from store import Signature, Store
from store.scratch import private_folder
from views import taking
from views.ledger import entry_of
from views.markdown import escaped
from views.session import current_store
from views.who import ask_name, current
from wording import Language, say

_GPKG = "application/geopackage+sqlite3"
_ABREAST = 3


def show(place: Workspace, language: Language) -> None:
    """Draw the part: each file is made when it is asked for."""
    district = place.district
    forms = list(FORMATS.values())
    for first in range(0, len(forms), _ABREAST):
        for column, form in zip(
            st.columns(_ABREAST), forms[first : first + _ABREAST], strict=False
        ):
            with column, st.container(border=True):
                st.markdown(f"**{escaped(form.label(language))}**")
                taking.offer(
                    say("data.make_download", language),
                    partial(_packed, district, form.name),
                    f"{district.district_id}-{district.version[:8]}{form.suffix}",
                    form.mime,
                    language,
                    version=district.version,
                    key=f"handover_{form.name}",
                )
    st.caption(say("data.handover_hint", language))
    if current().may(Act.RESTORE):
        _offer_backup(current_store(), district, language)


def _packed(district: District, form: str) -> bytes:
    return export_bytes(district, form)[0]


def _offer_backup(store: Store, district: District, language: Language) -> None:
    """Offer the district with its whole history as one file."""
    with st.container(border=True):
        st.markdown(f"**{say('data.backup', language)}**")
        if not ask_name(language):
            st.caption(say("data.enter_officer", language))
            return
        entry = entry_of(Act.RESTORE)
        taking.offer(
            say("data.make_download", language),
            lambda: _backup(store, entry),
            f"{district.district_id}-backup-{entry.at[:10]}.gpkg",
            _GPKG,
            language,
            version=district.version,
            act=Act.RESTORE,
            key="download_backup",
        )
        st.caption(say("data.backup_hint", language))


def _backup(store: Store, entry: Signature) -> bytes:
    with private_folder("backup") as folder:
        path = folder / "backup.gpkg"
        store.backup(path, entry=entry)
        return path.read_bytes()

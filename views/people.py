"""The page of accounts and of the audit trail, for those whose duty they are."""

from collections.abc import Callable
from typing import Final

import streamlit as st

from access.accounts import Account, Rights
from access.administration import Administration
from access.register import AccessRegister
from access.roles import DUTIES, Act, Role, rights
from access.trail import EVENT_LABELS
from geo.errors import PlanningError, StoreError
from layers.pipelines import KINDS
from views import said, who
from views.error_text import told
from views.ledger import minute
from views.markdown import escaped
from views.session import current_workspace
from wording import Language, say

ACTS: Final = (Act.ACCOUNTS, Act.GRANT, Act.AUDIT)
"""Whoever may do one of these has the page."""

_SHOWN = 500
_PLACE: Final = "people"


def render(language: Language) -> None:
    """Draw the page."""
    known, me = who.register(), who.current()
    st.markdown(f"### {say('people.page', language)}")
    if known is None or not any(me.may(act) for act in ACTS):
        st.info(say("people.not_yours", language))
        return
    said.show(_PLACE)
    if me.may(Act.ACCOUNTS) or me.may(Act.GRANT):
        _show_accounts(known, language)
    if me.may(Act.AUDIT):
        _show_trail(known, language)


def _show_accounts(known: AccessRegister, language: Language) -> None:
    me, every = who.current(), {one.account: one for one in known.accounts.every()}
    desk = Administration(known, who.still())
    rows = [_row(one, language) for one in every.values()]
    st.dataframe(rows, hide_index=True, key="accounts_table")
    left, right = st.columns(2, gap="large")
    with left:
        chosen = st.selectbox(say("people.account", language), list(every), key="account_chosen")
        if chosen:
            if me.may(Act.GRANT):
                _ask_rights(desk, every[chosen], known, language)
            if me.may(Act.ACCOUNTS):
                _ask_state(desk, every[chosen], known, language)
    if me.may(Act.ACCOUNTS):
        with right:
            _ask_new(desk, known, language)


def _row(one: Account, language: Language) -> dict[str, str]:
    own = [rights()[role].text[language] for role in Role if role in one.rights.roles]
    return {
        say("people.account", language): one.account,
        say("people.name", language): one.name,
        say("people.roles", language): "、".join(own),
        say("people.towns", language): "、".join(sorted(one.rights.towns)),
        say("people.pipe_kinds", language): "、".join(sorted(one.rights.pipe_kinds)),
        say("people.state", language): say(
            "user.disabled" if one.is_disabled else "people.in_use", language
        ),
    }


def _ask_rights(
    desk: Administration, one: Account, known: AccessRegister, language: Language
) -> None:
    """Ask for roles and scope of an account."""
    separate = known.settings.separate_duties
    offered = [role for role in Role if separate or role not in DUTIES - {Role.ADMINISTRATOR}]
    towns = current_workspace(language).district["towns"]
    names = dict(zip(towns["town_id"], towns["name"], strict=True))
    names |= {town: town for town in one.rights.towns if town not in names}
    with st.form(f"rights_{one.account}"):
        roles = st.multiselect(
            say("people.roles", language),
            offered,
            [role for role in offered if role in one.rights.roles],
            format_func=lambda role: rights()[role].text[language],
        )
        own_towns = st.multiselect(
            say("people.towns", language),
            list(names),
            sorted(one.rights.towns),
            format_func=lambda town: str(names[town]),
        )
        kinds = st.multiselect(
            say("people.pipe_kinds", language),
            list(KINDS),
            sorted(one.rights.pipe_kinds),
            format_func=lambda kind: KINDS[kind][language],
        )
        if st.form_submit_button(say("people.grant", language)):
            own = Rights(frozenset(roles), frozenset(own_towns), frozenset(kinds))
            _do(lambda: desk.grant(one, own), one.account, language)


def _ask_state(
    desk: Administration, one: Account, known: AccessRegister, language: Language
) -> None:
    """Offer to disable or enable an account, and to give it another password."""
    label = "people.enable" if one.is_disabled else "people.disable"
    if st.button(say(label, language), key=f"switch_{one.account}"):
        _do(lambda: desk.switch(one, is_on=one.is_disabled), one.account, language)
    if known.settings.mode != "local":
        return
    with st.form(f"password_{one.account}", clear_on_submit=True):
        password = st.text_input(say("people.password", language), type="password")
        if st.form_submit_button(say("people.reset", language)):
            _do(lambda: desk.reset(one, password), one.account, language)


def _ask_new(desk: Administration, known: AccessRegister, language: Language) -> None:
    """Ask for a new account."""
    with st.form("account_new", clear_on_submit=True):
        account = st.text_input(say("people.account", language))
        name = st.text_input(say("people.name", language))
        is_local = known.settings.mode == "local"
        secret = (
            st.text_input(say("people.password", language), type="password") if is_local else None
        )
        st.caption(say("people.new_hint", language))
        if st.form_submit_button(say("people.add", language)):
            _do(lambda: desk.add(account.strip(), name, secret), account.strip(), language)


def _do(act: Callable[[], None], account: str, language: Language) -> None:
    """Do something to an account, and show the page anew with its outcome."""
    try:
        act()
    except PlanningError as error:
        said.note_error(_PLACE, told(error, language))
    else:
        said.note_success(_PLACE, say("people.done", language, account=account))
    st.rerun()


def _show_trail(known: AccessRegister, language: Language) -> None:
    """List the newest entries of the audit trail, and offer to verify it."""
    st.markdown(f"#### {say('people.trail', language)}")
    rows = [
        {
            say("common.when", language): minute(event.at),
            say("data.what", language): EVENT_LABELS[event.kind][language],
            say("data.who", language): event.by,
            say("people.about", language): event.about,
            say("people.address", language): event.address,
        }
        for event in known.trail.newest(_SHOWN)
    ]
    st.dataframe(rows, hide_index=True, key="trail_table", placeholder="—")
    st.caption(say("people.newest", language, n=_SHOWN))
    if st.button(say("data.check_records", language), key="verify_trail"):
        try:
            count = known.trail.verify()
        except StoreError as error:
            st.error(escaped(told(error, language)))
        else:
            st.success(say("people.sound", language, n=count))

"""The booklet page: choose, preview a page, make the PDF, see what changed since the last issue."""

import os
from dataclasses import asdict
from datetime import date
from pathlib import Path

import streamlit as st

from atlas.compose import Booklet, Drawn, compose, material_of, preview
from atlas.history import Issue, changes, dump, issue_of, last_like, load
from atlas.outline import plan_leaves
from atlas.picture import picture
from atlas.request import Purpose, Stage
from atlas.sheet import Material
from plan import load_plan
from store.office import read_fields, read_issues, write_fields, write_issues
from views import header
from views.atlas_form import PURPOSES, STAGES, ask, ask_confirmations
from views.session import DISTRICT_VARIABLE, Workspace, assessment_of, current_workspace
from views.text import Words, message, plain

TITLE = message("Booklet")
_WIDTH_PX = 1600
_PAGES_KEPT = 1500


def render(words: Words) -> None:
    """Draw the page."""
    place = current_workspace(words)
    header.show(place.district, words)
    form, sight = st.columns([5, 7], gap="large")
    with form:
        as_of = st.date_input(words("Assessed as of"), date.today(), key="atlas_as_of")  # noqa: DTZ011 - the planner's own calendar
        request = ask(place.district, place.book, _remembered(), words)
        findings = assessment_of(place, as_of, words).full
        plan = load_plan(place.district.plan) if place.district.plan else None
        material = material_of(place.district, findings, place.book, plan, request)
        ask_confirmations(material, words)
        _offer(place, material, words)
    with sight:
        _show_page(material, words)
    _show_history(words)


def _folder() -> Path | None:
    """Return the district's folder, None for the demonstration in memory."""
    named = os.environ.get(DISTRICT_VARIABLE, "")
    return Path(named) if named else None


def _remembered() -> dict[str, str]:
    folder = _folder()
    return read_fields(folder) if folder else {}


@st.cache_resource(show_spinner=False, max_entries=2)
def _drawn(version: str) -> dict[str, Drawn]:  # noqa: ARG001 - what the cache goes by
    """Return the pages drawn before, so that only changed ones are drawn again."""
    return {}


def _show_page(material: Material, words: Words) -> None:
    """Show one page as it will be printed."""
    leaves = {leaf.key: leaf for leaf in plan_leaves(material)}
    key = st.selectbox(
        words("Preview"),
        list(leaves),
        format_func=lambda key: f"{leaves[key].number}  {leaves[key].title}",
        key="atlas_preview",
    )
    if key is not None:
        with st.spinner(words("Drawing the page …")):
            st.image(picture(preview(material, key), _WIDTH_PX), width="stretch")
        st.caption(words("{n} pages in all", n=len(leaves)))


def _offer(place: Workspace, material: Material, words: Words) -> None:
    """Make the booklet on request; any other click cancels it."""
    if st.button(words("Make the booklet"), type="primary", icon=":material/picture_as_pdf:"):
        bar, cancel = st.progress(0.0, words("Drawing the booklet …")), st.empty()
        cancel.button(words("Cancel"), key="atlas_cancel")
        pages = _drawn(place.book.version)
        if len(pages) > _PAGES_KEPT:
            pages.clear()
        booklet = compose(
            material, progress=lambda share, title: _move(bar, share, title), pages=pages
        )
        bar.empty()
        cancel.empty()
        st.session_state["atlas_made"] = (booklet, material.request, _remember(booklet, material))
    made = st.session_state.get("atlas_made")
    if made and made[1] == material.request:
        _show_made(made[0], made[2], material, words)


def _move(bar: st.delta_generator.DeltaGenerator, share: float, title: str) -> None:
    bar.progress(share, plain(title))


def _remember(booklet: Booklet, material: Material) -> list[tuple[str, str]]:
    """Keep the title block and the issue; return what changed since the last one."""
    issue = issue_of(booklet, material)
    issues = _issues()
    before = last_like(issues, issue)
    folder = _folder()
    if folder is None:
        st.session_state["atlas_issues"] = [*issues, issue]
    else:
        write_fields(folder, asdict(material.request.title_block))
        write_issues(folder, dump([*issues, issue]))
    return [(c.kind, c.title) for c in changes(before, issue)] if before else []


def _issues() -> list[Issue]:
    folder = _folder()
    if folder is None:
        return list(st.session_state.get("atlas_issues", []))
    return load(read_issues(folder))


def _show_made(
    booklet: Booklet, changed: list[tuple[str, str]], material: Material, words: Words
) -> None:
    district, request = material.district, material.request
    st.download_button(
        words("Download the booklet"),
        booklet.pdf,
        file_name=f"{district.district_id}-{request.date}-{booklet.digest[:8]}.pdf",
        mime="application/pdf",
        icon=":material/download:",
        on_click="ignore",
        key="atlas_download",
    )
    st.caption(
        words(
            "{pages} pages, {size} MB; {n} of them drawn anew.",
            pages=len(booklet.leaves),
            size=f"{len(booklet.pdf) / 1e6:.1f}",
            n=booklet.redrawn,
        )
    )
    if booklet.problems:
        with st.expander(
            words("{n} problems stand in the way of a formal issue", n=len(booklet.problems)),
            icon=":material/rule:",
        ):
            for problem in booklet.problems:
                st.text(problem.zh if words.language == "zh" else problem.en)
    if changed:
        with st.expander(words("{n} pages changed since the last issue", n=len(changed))):
            for kind, title in changed:
                st.text(f"{_kind(kind, words)}  {title}")


def _show_history(words: Words) -> None:
    issues = _issues()
    if issues:
        st.markdown(f"#### {words('Issued booklets')}")
        st.dataframe(
            [
                {
                    words("Date printed"): issue.date,
                    words("Edition"): issue.edition,
                    words("Purpose"): words(PURPOSES[Purpose(issue.purpose)]),
                    words("Stage"): words(STAGES[Stage(issue.stage)]),
                    words("Pages"): len(issue.pages),
                    words("Data version"): issue.data_version[:12],
                    "SHA-256": issue.sha256[:16],
                }
                for issue in reversed(issues)
            ],
            hide_index=True,
            key="atlas_history",
        )
        _show_changes(issues, words)


def _show_changes(issues: list[Issue], words: Words) -> None:
    """List what an issue shows otherwise than the one before it for the same readers."""
    numbers = range(len(issues) - 1, -1, -1)
    chosen = st.selectbox(
        words("Changes of the issue"),
        list(numbers),
        format_func=lambda n: f"{issues[n].edition} · {issues[n].date} · {issues[n].sha256[:8]}",
        key="atlas_issue",
    )
    if chosen is None:
        return
    before = last_like(issues[:chosen], issues[chosen])
    if before is None:
        st.caption(words("The first issue for these readers."))
        return
    found = changes(before, issues[chosen])
    st.caption(words("{n} pages changed since the last issue", n=len(found)))
    if not found:
        return
    st.dataframe(
        [{words("Change"): _kind(c.kind, words), words("Page"): plain(c.title)} for c in found],
        hide_index=True,
        key="atlas_issue_changes",
    )


def _kind(kind: str, words: Words) -> str:
    return {"added": words("new"), "changed": words("changed"), "removed": words("gone")}[kind]

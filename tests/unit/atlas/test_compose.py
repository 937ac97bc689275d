"""What a booklet holds, from requests of every kind, read back from its bytes."""

import dataclasses
import io

import geopandas as gpd
import pandas as pd
import pikepdf
import pytest
import shapely

from atlas.compose import Outline, compose, context_of, draw_page, preview
from atlas.outline import plan_pages
from atlas.preflight import FormalIssueRefusedError
from atlas.problem import Field
from atlas.request import Order, Purpose, Request, Stage, TitleBlock, Volume
from atlas.sheet import MEASURING, Title, title_rows
from atlas.themes import load_style
from geo.errors import DataError
from rules.book import load_book

FILLED = TitleBlock("工程", "住建局", "甲", "乙", "丙", "丁", "戊")
DRAFT = Request("2023-03-15", "V0.3", title_block=FILLED, volume=Volume.FULL)
SHEET = Title("现状图", "01-1"), MEASURING
HOSTILE = (
    "{{ 7*7 }}{% raw %}${x}<script>alert(1)</script></script><img src=x onerror=alert(1)>"
    ") Tj ET Q /JS (app.alert(1)) =1+1 \\( %PDF \x00\x1b \u202e " + "长" * 300
)


@pytest.fixture(scope="session")
def book():
    return load_book()


@pytest.fixture(scope="session")
def draft(district, findings, book):
    return compose(context_of(district, findings, book, None, DRAFT))


def make(district, findings, book, **changes):
    request = dataclasses.replace(DRAFT, **changes)
    return compose(context_of(district, findings, book, None, request))


def kinds(booklet):
    return [page_plan.kind for page_plan in booklet.page_plans]


def evidence(booklet):
    """Return the attached table; the file must stay open while its attachment is read."""
    with pikepdf.open(io.BytesIO(booklet.pdf)) as pdf:
        return pdf.attachments["短板与证据.csv"].get_file().read_bytes()


@pytest.mark.slow
def test_the_same_input_gives_the_same_bytes(district, findings, book, draft):
    assert make(district, findings, book).pdf == draft.pdf


def test_every_estate_has_its_four_sheets_in_order(draft):
    own = [page_plan.kind for page_plan in draft.page_plans if page_plan.estate_id == "E1"]
    assert [kind for n, kind in enumerate(own) if kind not in own[:n]] == [
        "present",
        "gaps",
        "measures",
        "pipes_green",
    ]


def test_bookmarks_and_page_labels_name_every_page(draft):
    pdf = pikepdf.open(io.BytesIO(draft.pdf))
    labels = [str(entry.P) for entry in list(pdf.Root.PageLabels.Nums)[1::2]]
    assert labels == [page_plan.number for page_plan in draft.page_plans]
    with pdf.open_outline() as outline:
        tops = [item.title for item in outline.root]
        pages = [page.title for item in outline.root for page in item.children or [item]]
    assert pages == [page_plan.title for page_plan in draft.page_plans]
    assert [title for title in tops if title[0].isdigit()] == ["01 示例小区", "02 邻家小区"]


def test_links_lead_from_the_row_to_the_map_and_back(draft):
    pdf = pikepdf.open(io.BytesIO(draft.pdf))
    (page,) = [n for n, page_plan in enumerate(draft.page_plans) if page_plan.key == "gaps:E1:1"]
    targets = [link.Dest[0].objgen for link in pdf.pages[page].Annots]
    # 5 gaps have a place: 5 callouts lead to 5 rows and back; 2 concern the whole estate
    assert targets.count(pdf.pages[page].obj.objgen) == 10


def test_nothing_in_the_file_can_act(draft):
    for forbidden in (b"/JavaScript", b"/JS", b"/Launch", b"/URI", b"/SubmitForm", b"/OpenAction"):
        plain = io.BytesIO()
        pikepdf.open(io.BytesIO(draft.pdf)).save(
            plain, object_stream_mode=pikepdf.ObjectStreamMode.disable
        )
        assert forbidden not in plain.getvalue()


@pytest.mark.slow
def test_hostile_and_very_long_attributes_are_printed_as_text(district, findings, book):
    frames = {
        layer: district[layer].assign(**{column: HOSTILE})
        for layer, column in (
            ("estates", "name"),
            ("towns", "name"),
            ("buildings", "name"),
            ("facilities", "name"),
            ("walkways", "name"),
            ("entrances", "name"),
            ("parking", "name"),
            ("pipelines", "material"),
        )
    }
    texts = ("estate", "metric_zh", "item_zh", "source_title", "clause", "department", "reason_zh")
    booklet = make(
        district.with_frames(**frames), findings.assign(**dict.fromkeys(texts, HOSTILE)), book
    )
    plain = io.BytesIO()
    pikepdf.open(io.BytesIO(booklet.pdf)).save(
        plain, object_stream_mode=pikepdf.ObjectStreamMode.disable
    )
    assert b"/JavaScript" not in plain.getvalue()
    for page in pikepdf.open(io.BytesIO(booklet.pdf)).pages:
        pikepdf.parse_content_stream(page)  # raises where an operator was smuggled in unbalanced


@pytest.mark.slow
def test_the_attached_evidence_runs_no_formula(district, findings, book):
    booklet = make(district, findings.assign(metric_zh="=1+1"), book)
    table = evidence(booklet).decode("utf-8-sig")
    assert "'=1+1" in table
    assert ",=1+1" not in table


def test_a_name_no_font_can_print_is_named_by_row_and_sheets_and_stops_no_other_sheet(
    district, findings, book
):
    estates = district["estates"].assign(name=["𠮷野小区", "邻家小区"])
    odd = district.with_frames(estates=estates)
    sheets = {"sheets": ("present",)}
    (fault,) = found("glyph", make(odd, findings, book, estates=("E1",), **sheets))
    assert "U+20BB7" in fault.zh
    assert "estates E1 name“𠮷野小区”" in fault.zh
    assert "01-1" in fault.zh
    assert not found("glyph", make(odd, findings, book, estates=("E2",), **sheets))


def test_a_name_no_font_can_print_is_named_by_row_however_many_lines_it_takes(
    district, findings, book
):
    name = "长" * 60 + "𠮷野小区"
    estates = district["estates"].assign(name=[name, "邻家小区"])
    odd = district.with_frames(estates=estates)
    (fault,) = found("glyph", make(odd, findings, book, estates=("E1",), sheets=("present",)))
    assert f"estates E1 name“{name}”" in fault.zh


@pytest.mark.slow
def test_a_text_without_room_is_a_problem_that_names_its_sheet(district, findings, book):
    estates = district["estates"].assign(name=["长" * 900, "邻家小区"])
    booklet = make(district.with_frames(estates=estates), findings, book, estates=("E1",))
    assert any(fault.zh.startswith("01-1") for fault in found("cut", booklet))


def found(kind, booklet):
    return [problem for problem in booklet.problems if problem.kind == kind]


def test_a_rare_name_is_printed_and_found_as_text(district, findings, book):
    estates = district["estates"].assign(name=["㭎𫟹龘䶮小区", "邻家小区"])
    booklet = make(district.with_frames(estates=estates), findings, book, sheets=("present",))
    assert booklet.page_plans[0].title == "㭎𫟹龘䶮小区现状图"


@pytest.mark.slow
def test_the_public_sees_no_pipeline_and_reads_that_the_map_was_not_reviewed(
    district, findings, book
):
    booklet = make(district, findings, book, purpose=Purpose.PUBLIC)
    assert "pipes_green" not in kinds(booklet)
    assert not any("pipe" in key for report in booklet.reports for key in report.drawn)
    missing = Field("request", "review_number")
    assert missing in [problem.field for problem in booklet.problems]


@pytest.mark.slow
def test_the_public_gets_nothing_to_sign_and_no_row_of_a_rule_about_pipelines(
    district, findings, book
):
    # met or unknown, such a finding has no pipe as its witness
    unseen = findings.assign(witness_layer=None, origin_layer=None, rule_id="pipe.gas.age")
    booklet = make(district, pd.concat([findings, unseen]), book, purpose=Purpose.PUBLIC)
    assert "signoff" not in kinds(booklet)
    assert "pipe.gas.age" not in evidence(booklet).decode("utf-8-sig")


def test_the_public_sees_no_field_that_is_still_to_be_filled_in(district, findings, book):
    def values(**changes):
        request = Request("2023-03-15", "V0.3", **changes)
        rows = title_rows(context_of(district, findings, book, None, request), *SHEET)
        return [value for row in rows for _, value, _ in row]

    assert "" in values()
    assert "" not in values(purpose=Purpose.PUBLIC)
    signed = TitleBlock(drawn_by="甲")
    assert "甲" in values(purpose=Purpose.PUBLIC, title_block=signed)


@pytest.mark.slow
def test_a_department_gets_only_the_estates_and_rows_it_signs(district, findings, book):
    booklet = make(district, findings, book, department="mzj")
    assert {page_plan.estate_id for page_plan in booklet.page_plans} == {"", "E1"}
    assert set(kinds(booklet)) == {"cover", "contents", "summary", "gaps", "measures", "signoff"}
    table = pd.read_csv(io.BytesIO(evidence(booklet)))
    # rows 1, 4 of the seven hand-written gaps belong to 民政局
    assert list(table["结论编号"]) == ["E1:01", "E1:04"]


@pytest.mark.slow
def test_the_short_volume_and_the_annex_hold_every_kind_of_sheet_once_but_the_front(
    district, findings, book
):
    short, annex, full = (kinds(make(district, findings, book, volume=volume)) for volume in Volume)
    assert set(short) | set(annex) == set(full)
    assert set(short) & set(annex) == {"cover", "contents"}
    assert {"present", "gaps", "measures", "signoff"} <= set(short)
    assert {"pipes_green", "unknowns"} <= set(annex)


def test_one_estate_alone_is_one_plan_without_the_general_sheets(district, findings, book):
    booklet = make(district, findings, book, volume=Volume.SHORT, estates=("E2",))
    assert kinds(booklet) == ["cover", "present", "gaps", "measures", "signoff"]


@pytest.mark.slow
def test_a_town_gets_only_its_estates(district, findings, book):
    booklet = make(district, findings, book, town="胜利镇")
    assert {page_plan.estate_id for page_plan in booklet.page_plans} == {"", "E2"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"estates": ("E9",)},
        {"town": "无此镇"},
        {"department": "nobody"},
        {"paper": "A9"},
        {"sheets": ("nothing",)},
    ],
)
def test_a_request_for_what_does_not_exist_is_refused(district, findings, book, wrong):
    with pytest.raises(DataError, match="expected one of"):
        make(district, findings, book, **wrong)


def test_a_formal_issue_is_refused_while_the_title_block_has_empty_fields(district, findings, book):
    block = dataclasses.replace(FILLED, checked_by=" ")
    with pytest.raises(FormalIssueRefusedError) as caught:
        make(district, findings, book, stage=Stage.FORMAL, title_block=block)
    assert [problem.zh for problem in caught.value.problems] == ["图签 校对：未填写"]


@pytest.mark.slow
def test_a_formal_issue_is_refused_while_a_placeholder_is_unconfirmed(district, findings, book):
    asked = findings.assign(override="required")
    with pytest.raises(FormalIssueRefusedError, match=r"rule\.03"):
        make(district, asked, book, stage=Stage.FORMAL)
    confirmed = frozenset(asked["rule_id"])
    booklet = make(district, asked, book, stage=Stage.FORMAL, confirmed=confirmed)
    assert booklet.problems == ()


@pytest.mark.slow
def test_a_formal_issue_is_refused_while_a_label_has_no_place(district, findings, book):
    here = shapely.Point(605044, 4206009)
    crowd = pd.concat([findings.iloc[:1]] * 3000, ignore_index=True).assign(
        finding_id=[f"E1:{n:04d}" for n in range(3000)],
        geometry=[
            shapely.multipoints([shapely.transform(here, lambda p, n=n: p + n * 0.02)])
            for n in range(3000)
        ],
    )
    crowd = gpd.GeoDataFrame(crowd, geometry="geometry", crs=district.crs)
    with pytest.raises(FormalIssueRefusedError, match="no place for label"):
        make(district, crowd, book, stage=Stage.FORMAL, sheets=("gaps",), estates=("E1",))


def test_surveyed_and_invented_data_are_not_mixed_in_a_formal_issue(district, findings, book):
    surveyed = district.with_frames(towns=district["towns"].assign(provenance="surveyed"))
    with pytest.raises(FormalIssueRefusedError, match="mixed"):
        make(surveyed, findings, book, stage=Stage.FORMAL)


@pytest.mark.slow
def test_detailed_maps_of_more_than_25_square_kilometres_are_refused(district, findings, book):
    estates = district["estates"]
    west, south = 605000.0, 4206000.0
    # ten by ten estates of 500 m: at 1:2000 their frames join to more than 25 square kilometres
    corners = [(west + 520 * (n % 10), south + 520 * (n // 10)) for n in range(100)]
    many = gpd.GeoDataFrame(
        pd.concat([estates.iloc[:1]] * 100, ignore_index=True).assign(
            estate_id=[f"X{n:03d}" for n in range(100)]
        ),
        geometry=[shapely.box(x, y, x + 470, y + 470) for x, y in corners],
        crs=district.crs,
    )
    blank = {layer: district[layer].iloc[:0] for layer in district.frames if layer != "towns"}
    big = district.with_frames(**(blank | {"estates": many}))
    with pytest.raises(DataError, match="km2 in one piece"):
        make(big, findings, book, sheets=("present",))


@pytest.mark.slow
def test_only_the_pages_of_an_edited_estate_are_drawn_again(district, findings, book):
    pages = {}
    context = context_of(district, findings, book, None, DRAFT)
    first = compose(context, pages=pages)
    assert first.redrawn == len(first.page_plans)
    assert compose(context, pages=pages).redrawn == 0
    trees = district["trees"].copy()
    trees.loc[0, "crown_m"] = 7.0
    edited = compose(
        context_of(district.with_frames(trees=trees), findings, book, None, DRAFT), pages=pages
    )
    changed = {key for key in first.digests if first.digests[key] != edited.digests[key]}
    assert {key for key in changed if ":E2:" in key} == set()
    assert {key.split(":")[0] for key in changed if ":E1:" in key} == {
        "present",
        "gaps",
        "measures",
        "pipes_green",
    }


def test_progress_is_told_before_each_page_and_can_cancel(district, findings, book):
    told = []

    def stop_at_third(share, title):
        told.append((share, title))
        if len(told) == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        compose(context_of(district, findings, book, None, DRAFT), progress=stop_at_third)
    assert [title for _, title in told] == ["封面", "目录", "区位总图"]


def test_a_preview_is_the_one_page_asked_for(district, findings, book):
    context = context_of(district, findings, book, None, DRAFT)
    pdf = pikepdf.open(
        io.BytesIO(preview(context, Outline(tuple(plan_pages(context)), "V0.3"), "gaps:E1:1"))
    )
    assert len(pdf.pages) == 1


@pytest.mark.parametrize("paper", ["A3", "A4"])
def test_the_paper_is_exactly_its_size(district, findings, book, paper):
    booklet = make(district, findings, book, paper=paper, sheets=("gaps",))
    with pikepdf.open(io.BytesIO(booklet.pdf)) as pdf:
        millimetres = [float(value) * 25.4 / 72 for value in pdf.pages[0].MediaBox]
    expected = {"A3": [0, 0, 420, 297], "A4": [0, 0, 297, 210]}[paper]
    assert millimetres == pytest.approx(expected, abs=1e-5)


def test_english_headings_keep_chinese_names(district, findings, book):
    booklet = make(district, findings, book, language="en", sheets=("gaps",))
    assert booklet.page_plans[0].title == "示例小区 · Gaps"


def test_unknown_rows_are_listed_with_who_supplies_them(draft):
    assert "unknowns" in kinds(draft)


def test_gaps_of_the_whole_estate_beyond_the_panel_go_on_over_pages_that_estates_share(
    district, findings, book
):
    many = findings.iloc[[1] * 60].assign(
        finding_id=[f"E1:{n:03d}" for n in range(60)], rule_id=[f"r{n:02d}" for n in range(60)]
    )
    booklet = make(district, many, book, sheets=("gaps",), estates=("E1",))
    assert [page_plan.number for page_plan in booklet.page_plans][:2] == ["01-2", "C1"]


def test_every_gap_is_listed_once_beside_the_maps_or_on_the_pages_that_estates_share(
    district, findings, book
):
    many = pd.concat(
        findings.iloc[[1] * 50].assign(
            estate_id=estate,
            finding_id=[f"{estate}:{n:03d}" for n in range(50)],
            rule_id=[f"r{n:02d}" for n in range(50)],
        )
        for estate in ("E1", "E2")
    )
    context = context_of(district, many, book, None, dataclasses.replace(DRAFT, sheets=("gaps",)))
    page_plans = plan_pages(context)
    assert [page_plan.number for page_plan in page_plans][:3] == ["01-2", "02-2", "C1"]
    pages = [draw_page(context, page_plan, MEASURING).page for page_plan in page_plans]
    names = [name for page in pages for name, _ in page.destinations]
    rows = [name for name in names if name.startswith("gap:") and not name.endswith("@map")]
    assert sorted(rows) == sorted(f"gap:{finding}" for finding in many["finding_id"])


@pytest.mark.parametrize(("paper", "shared"), [("A3", []), ("A4", ["C0"])])
def test_buildings_without_room_beside_their_map_stand_on_a_page_that_estates_share(
    district, findings, book, paper, shared
):
    booklet = make(district, findings, book, sheets=("present",), paper=paper)
    assert [page_plan.number for page_plan in booklet.page_plans] == ["01-1", "02-1", *shared]


def test_a_town_sheet_lists_its_estates_on_small_paper_too(district, findings, book):
    request = dataclasses.replace(DRAFT, sheets=("town",), paper="A4")
    context = context_of(district, findings, book, None, request)
    page_plan = plan_pages(context)[0]
    links = [link.target for link in draw_page(context, page_plan, MEASURING).page.links]
    assert links.count("estate:E1") == 2, "the mark on the map and the row of the table"


def test_a_style_of_the_office_changes_what_it_names_and_leaves_the_rest(tmp_path):
    usual = load_style().themes
    own = tmp_path / "style.toml"
    own.write_text(
        """
        [[theme]]
        key = "estate"
        group = "base"
        zh = "本局红线"
        en = "Our outline"
        layer = "estates"
        shape = "area"
        stroke = [1, 2, 3]
        """,
        encoding="utf-8",
    )
    themes = load_style(own).themes
    assert (themes["estate"].zh, themes["estate"].ink.stroke) == ("本局红线", (1, 2, 3))
    assert {key: theme for key, theme in themes.items() if key != "estate"} == {
        key: theme for key, theme in usual.items() if key != "estate"
    }


@pytest.mark.parametrize("text", ["[[theme]]\nkey = 1", "theme = 3", "not toml", "groups = [1]"])
def test_a_file_that_is_no_style_is_refused_by_name(tmp_path, text):
    own = tmp_path / "own.toml"
    own.write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match="is no style file"):
        load_style(own)


@pytest.mark.parametrize(
    ("order", "first"), [(Order.DISTRICT, "E1"), (Order.TOWN, "E2"), (Order.RANK, "E2")]
)
def test_estates_come_as_the_data_list_them_or_by_town_or_the_worst_first(
    district, findings, book, order, first
):
    estates = district["estates"].assign(town_id=["T2", "T1"])
    turned = district.with_frames(estates=estates)
    worst = findings.assign(estate_id=["E2"] * (len(findings) - 1) + ["E1"], exposed_households=20)
    request = dataclasses.replace(DRAFT, order=order)
    context = context_of(turned, worst, book, None, request)
    assert context.estates["estate_id"].tolist()[0] == first

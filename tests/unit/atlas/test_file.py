"""
The finished file as other programs see it: qpdf, poppler and GDAL know nothing of this project.

Without them the tests are skipped, except where LITONG_REQUIRE_BROWSER says that all must be there.
"""

import io
import itertools
import json
import os
import re
import shutil
import subprocess

import numpy as np
import pikepdf
import pytest
import shapely
from PIL import Image
from pyproj import CRS

from atlas.canvas import Box, Canvas
from atlas.compose import compose, context_of
from atlas.furniture import LEGEND_ROW_MM, draw_legend
from atlas.pdf import Binding, Bookmark, bind
from atlas.request import Request, TitleBlock, Volume
from atlas.text import Fonts
from atlas.themes import load_style
from rules.book import load_book

SAME_ROAD = {"street", "building_context"}
"""The same roads and buildings on general maps, never beside `walkway` and `building_around`."""
REQUEST = Request(
    "2023-03-15", "V0.3", title_block=TitleBlock("工程", "住建局"), volume=Volume.FULL
)


def run(*command):
    if shutil.which(command[0]) is None and not os.environ.get("LITONG_REQUIRE_BROWSER"):
        pytest.skip(f"{command[0]} is not installed")
    done = subprocess.run(  # noqa: S603 - fixed programs on a file of our own
        [str(part) for part in command], check=True, capture_output=True, text=True, timeout=120
    )
    assert "ERROR" not in done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def booklet(district, findings):
    return compose(context_of(district, findings, load_book(), None, REQUEST))


@pytest.fixture(scope="module")
def path(booklet, tmp_path_factory):
    file = tmp_path_factory.mktemp("atlas") / "book.pdf"
    file.write_bytes(booklet.pdf)
    return file


def maps(booklet):
    """Page numbers, from 1, of the sheets with a map, with the ground of their main frame."""
    return [
        (n, report.scales[0]) for n, report in enumerate(booklet.reports, start=1) if report.scales
    ]


@pytest.mark.programs
def test_qpdf_finds_no_error(path):
    assert "No syntax or stream encoding errors found" in run("qpdf", "--check", path)


@pytest.mark.programs
def test_every_font_is_embedded_subset_and_mapped_to_unicode(path):
    lines = run("pdffonts", path).splitlines()[2:]
    assert len(lines) >= 3
    for line in lines:
        assert re.match(r"[A-Z]{6}\+Noto\S+ +CID TrueType +Identity-H +yes yes yes", line), line


@pytest.mark.programs
def test_estate_names_are_found_as_text(path):
    text = run("pdftotext", path, "-")
    for words in ("示例小区短板图", "邻家小区现状图", "乔木与燃气管净距"):
        assert words in text


def test_no_letter_is_smaller_than_six_points(booklet):
    sizes = set()
    for operator in _operators(booklet):
        if str(operator.operator) == "Tf":
            sizes.add(round(float(operator.operands[1]) * 72 / 25.4, 2))
    assert min(sizes) >= 6.0


@pytest.mark.programs
def test_gdal_reads_reference_system_and_corners_of_every_map_page(booklet, path):
    assert len(maps(booklet)) >= 11
    for page, (_, (west, south, east, north)) in maps(booklet):
        info = json.loads(run("gdalinfo", "-json", f"PDF:{page}:{path}"))
        assert 'ID["EPSG",4544]' in info["coordinateSystem"]["wkt"]
        neatline = shapely.from_wkt(info["metadata"][""]["NEATLINE"])
        found = shapely.get_coordinates(neatline)[:4]
        expected = [(west, south), (west, north), (east, north), (east, south)]
        # one millimetre on the ground
        assert np.abs(found - expected).max() < 0.001, page


@pytest.mark.programs
def test_gdal_and_ogr_list_the_layers_by_their_chinese_names(booklet, path):
    listed = run("gdalinfo", "-mdd", "LAYERS", path)
    for name in ("地图.建筑.小区楼栋", "地图.管线.给水_JS", "地图.短板.短板编号", "征求意见稿水印"):
        assert name in listed
    for page, _ in maps(booklet):
        assert "地图_" in run("ogrinfo", "-ro", "-q", f"PDF:{page}:{path}")


@pytest.mark.programs
def test_the_evidence_can_be_taken_out_of_the_file(path, tmp_path):
    assert "短板与证据.csv" in run("pdfdetach", "-list", path)
    run("pdfdetach", "-saveall", "-o", tmp_path, path)
    table = (tmp_path / "短板与证据.csv").read_text(encoding="utf-8-sig")
    assert "养老服务" in table


@pytest.mark.programs
def test_the_document_says_what_it_is_and_of_which_day(path):
    info = run("pdfinfo", path)
    assert "工程 会审图册" in info
    assert "2023" in re.search(r"CreationDate: (.*)", info).group(1)
    assert "JavaScript:      no" in info
    with pikepdf.open(path) as pdf, pdf.open_metadata() as xmp:
        assert xmp["xmp:CreateDate"] == "2023-03-15"


@pytest.mark.programs
def test_the_scale_is_true_on_a_raster_of_ten_pixels_a_millimetre(booklet, path, tmp_path):
    (page,) = [
        n for n, page_plan in enumerate(booklet.page_plans, 1) if page_plan.key == "present:E1:1"
    ]
    assert booklet.reports[page - 1].scales[0][0] == 500
    run(
        "pdftoppm", "-r", "254", "-f", page, "-l", page, "-png", "-singlefile", path, tmp_path / "p"
    )
    pixels = np.asarray(Image.open(tmp_path / "p.png").convert("RGB")).astype(int)
    # the estate's red line; the map ends 116 mm before the right margin
    red = (pixels[..., 0] > 150) & (pixels[..., 1] < 70) & (pixels[..., 2] < 90)
    red[:, 2990:] = False
    edges = np.flatnonzero(red.sum(axis=0) > 700)
    left = edges[edges < edges.mean()].mean()
    right = edges[edges > edges.mean()].mean()
    # 118 m at 1:500 are 236 mm; 0.1 mm per 100 mm are 0.236 mm, or 2.36 pixels
    assert right - left == pytest.approx(2360, abs=2.36)


@pytest.mark.programs
def test_every_theme_is_told_from_every_other_on_a_black_and_white_copy(tmp_path):
    """The legend's samples are printed, turned grey and compared in pairs, point by point."""
    style, fonts = load_style(), Fonts()
    themes = [theme for theme in style.themes.values() if theme.key not in SAME_ROAD]
    canvas = Canvas(80, 10 + len(themes) * LEGEND_ROW_MM, fonts)
    for n, theme in enumerate(themes):
        draw_legend(canvas, Box(10, 5 + n * LEGEND_ROW_MM, 60, LEGEND_ROW_MM), [theme], "zh")
    bookmarks = [Bookmark("", "1")]
    facts = {"title": "", "subject": "", "author": "", "date": "2023-03-15"}
    binding = Binding(CRS.from_epsg(4544), style.layer_names("zh"), bookmarks, **facts)
    (tmp_path / "legend.pdf").write_bytes(bind([canvas.page()], binding, fonts))
    run("pdftoppm", "-r", "254", "-gray", "-singlefile", tmp_path / "legend.pdf", tmp_path / "grey")
    grey = np.asarray(Image.open(tmp_path / "grey.pgm")).astype(int)
    tops = [round((5 + n * LEGEND_ROW_MM) * 10) for n in range(len(themes))]
    samples = [grey[top + 2 : top + 50, 100:190] for top in tops]
    alike = [
        (one.key, other.key)
        for (one, first), (other, second) in itertools.combinations(
            zip(themes, samples, strict=True), 2
        )
        # fewer than 1 % of the points differ by a tenth of the range
        if (np.abs(first - second) > 25).mean() < 0.01
    ]
    assert alike == []


@pytest.mark.programs
def test_the_contents_name_the_pages_of_every_estate(booklet, path):
    number = next(
        n for n, page_plan in enumerate(booklet.page_plans, 1) if page_plan.kind == "contents"
    )
    text = run("pdftotext", "-f", number, "-l", number, "-layout", path, "-")
    (line,) = [line for line in text.splitlines() if "示例小区" in line]
    first, last = {}, {}
    for page, page_plan in enumerate(booklet.page_plans, 1):
        if page_plan.estate_id == "E1":
            first.setdefault(page_plan.kind, page)
            last[page_plan.kind] = page
    spans = [str(a) if a == last[kind] else f"{a}–{last[kind]}" for kind, a in first.items()]
    assert line.split()[-len(spans) :] == spans


@pytest.mark.programs
def test_rare_characters_are_found_as_text(district, findings, tmp_path):
    estates = district["estates"].assign(name=["㭎𫟹龘䶮小区", "邻家小区"])
    request = Request("2023-03-15", "V0.3", sheets=("present",))
    changed = district.with_frames(estates=estates)
    booklet = compose(context_of(changed, findings, load_book(), None, request))
    (tmp_path / "rare.pdf").write_bytes(booklet.pdf)
    assert "㭎𫟹龘䶮小区现状图" in run("pdftotext", tmp_path / "rare.pdf", "-")
    assert "emb" in run("pdffonts", tmp_path / "rare.pdf")


@pytest.mark.programs
def test_walks_to_services_stand_beside_the_present_state(district, findings, tmp_path):
    walked = findings["item_zh"] == "养老服务"
    changed = findings.assign(rule_id=findings["rule_id"].mask(walked, "elder.access"))
    request = Request("2023-03-15", "V0.3", sheets=("present",), estates=("E1",))
    booklet = compose(context_of(district, changed, load_book(), None, request))
    (tmp_path / "walks.pdf").write_bytes(booklet.pdf)
    text = run("pdftotext", tmp_path / "walks.pdf", "-")
    for words in ("公共服务步行可达", "至日间照料中心步行距离", "412 m", "≤ 300 m"):
        assert words in text


SPAN = re.compile(r" [\d,]+(–[\d,]+)?$")  # household-gaps of a class: 安全户次 11–24


def test_each_legend_holds_exactly_what_its_page_draws(booklet):
    """Themes are read from the page's own layer marks, legends from its own text."""
    themes = load_style().themes
    with pikepdf.open(_stream(booklet)) as pdf:
        for page_plan, page in zip(booklet.page_plans, pdf.pages, strict=True):
            marks = {
                str(item.operands[1]).split("-")[-1]
                for item in pikepdf.parse_content_stream(page)
                if str(item.operator) == "BDC" and str(item.operands[0]) == "/OC"
            }
            drawn = {themes[key].zh for key in marks & set(themes)}
            texts = {SPAN.sub("", text) for text in _texts(page)}
            printed = texts & {theme.zh for theme in themes.values()}
            if page_plan.kind in (
                "present",
                "gaps",
                "measures",
                "pipes_green",
                "town",
                "index_map",
            ):
                extra = {"绿地", "建筑"} - drawn  # words of tables and tiles, too
                assert printed - extra - _table_words(page_plan) == drawn - _table_words(
                    page_plan
                ), page_plan.key


def _table_words(page_plan):
    """Return the words that a sheet's pipe table prints as its legend does."""
    return (
        {"给水 JS", "污水 WS", "燃气 RQ", "电力 DL"} if page_plan.kind == "pipes_green" else set()
    )


def _stream(booklet):
    return io.BytesIO(booklet.pdf)


def _operators(booklet):
    with pikepdf.open(_stream(booklet)) as pdf:
        for page in pdf.pages:
            yield from pikepdf.parse_content_stream(page)


def _texts(page):
    """Decode the page's strings through the fonts' own ToUnicode tables."""
    tables = {}
    for name, font in page.Resources.Font.items():
        pairs = re.findall(rb"<([0-9A-F]{4})> <([0-9A-F]+)>\n", font.ToUnicode.read_bytes())
        tables[name] = {int(c, 16): bytes.fromhex(u.decode()).decode("utf-16-be") for c, u in pairs}
    font, words = "", ""
    for item in pikepdf.parse_content_stream(page):
        operator = str(item.operator)
        if operator == "BT":
            words = ""
        elif operator == "Tf":
            font = str(item.operands[0])
        elif operator == "Tj":
            codes = bytes(item.operands[0])
            words += "".join(
                tables[font][int.from_bytes(codes[n : n + 2])] for n in range(0, len(codes), 2)
            )
        elif operator == "ET":
            yield words


@pytest.mark.programs
def test_every_walk_is_printed_once_beside_its_map_or_on_the_sheet_that_estates_share(
    district, findings, tmp_path
):
    many = findings.iloc[[2] * 60].assign(
        finding_id=[f"E1:{n:03d}" for n in range(60)],
        rule_id="school.access",
        metric_zh=[f"步行至第{n}处" for n in range(60)],
    )
    request = Request("2023-03-15", "V0.3", sheets=("present",))
    booklet = compose(context_of(district, many, load_book(), None, request))
    assert [page.number for page in booklet.page_plans] == ["01-1", "02-1", "C3"]
    (tmp_path / "walks.pdf").write_bytes(booklet.pdf)
    text = run("pdftotext", tmp_path / "walks.pdf", "-")
    assert [text.count(f"步行至第{n}处") for n in range(60)] == [1] * 60

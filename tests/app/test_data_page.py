"""The data page without a browser: what stands on it, and what its buttons do to the district."""

import math
from datetime import date
from pathlib import Path

import pytest
import shapely
import streamlit as st
from pyproj import CRS
from streamlit.testing.v1 import AppTest

from edits import difference
from intake import sandbox
from intake.delivery import Delivery
from store import Signature, open_store
from store.geopackage_tables import GeoPackageTables
from store.live_geopackage import GeoPackageDatabase
from tests.unit.intake import delivery

DATE = "2026-01-01"
WHO = Signature("王工", "2026-01-01T08:00:00+08:00", "改地址")


@pytest.fixture
def folder(tiny_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LITONG_DISTRICT", str(tiny_folder))
    return tiny_folder


def page(part: str = "import") -> AppTest:
    """Return the page, open at a part; its source runs alone, so it imports for itself."""

    def run(language: str) -> None:
        from views import data, link  # noqa: PLC0415

        link.restore()
        data.render(language)  # type: ignore[arg-type]

    app = AppTest.from_function(run, args=("zh",), default_timeout=60)
    app.session_state["data_part"] = part
    return app


def survey(folder: Path, *households: object) -> Delivery:
    """Read a survey of the district's own estates."""
    district = open_store(folder).read()
    names = district["estates"]["name"]
    grid = [["小区名称", "户数"], *[list(row) for row in zip(names, households, strict=True)]]
    reading = sandbox.read(delivery.workbook(folder.parent / "a.xlsx", grid))
    return Delivery.of(reading, district, DATE, store=open_store(folder))


def dropped(opened: Delivery) -> AppTest:
    """Return the page as it is when a delivery has been read."""
    app = page()
    app.session_state["import_delivery"] = opened
    app.session_state["import_date"] = date.fromisoformat(DATE)
    return app.run()


def change_elsewhere(folder: Path) -> None:
    store = open_store(folder)
    now = store.read()
    after = now.with_frames(estates=now["estates"].assign(address="别处"))
    store.apply(difference(now, after), base=now.version, entry=WHO)


def texts(app: AppTest) -> str:
    found = [*app.markdown, *app.text, *app.caption, *app.warning, *app.info, *app.success]
    return "\n".join(str(one.value) for one in [*found, *app.error])


def settled(app: AppTest) -> AppTest:
    assert [error.value for error in app.exception] == []
    return app


@pytest.mark.slow
def test_every_row_is_accounted_for_and_every_fault_is_named(folder: Path) -> None:
    app = settled(dropped(survey(folder, "很多", 50)))
    assert "读入 2 = 采用 1 + 隔离 1" in texts(app)
    (table,) = [frame.value for frame in app.dataframe if "应为" in frame.value]
    assert table[["行", "标签", "读到", "应为"]].to_numpy().tolist() == [
        ["2", "户数", "'很多'", "数字"]
    ]


@pytest.mark.slow
def test_nothing_is_written_without_a_name_and_everything_with_one(folder: Path) -> None:
    app = settled(dropped(survey(folder, 49, 50)))
    app = settled(app.button(key="import_accept").click().run())
    assert "请先填写经办人" in texts(app)
    assert open_store(folder).history() == []
    app.text_input(key="officer").set_value("马工").run()
    app = settled(app.button(key="import_accept").click().run())
    assert "已写入" in texts(app)
    store = open_store(folder)
    assert store.read()["estates"]["households"].tolist() == [49, 50]
    change = store.history()[-1]
    assert (change.by, change.why) == ("马工", "a.xlsx → 小区")
    assert len(change.source) == 64


@pytest.mark.slow
def test_a_click_while_rows_are_written_stops_it_without_a_trace(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = settled(dropped(survey(folder, 49, 50)))
    app.text_input(key="officer").set_value("马工").run()
    before = open_store(folder).read().version
    with monkeypatch.context() as patch:
        # A click ends the run of the page where it next draws something, as st.stop() does.
        patch.setattr(GeoPackageTables, "put", lambda *_: st.stop())
        app = settled(app.button(key="import_accept").click().run())
    assert open_store(folder).history() == []
    app = settled(app.run())
    assert "写入已取消" in texts(app)
    assert open_store(folder).read().version == before
    app = settled(app.button(key="import_accept").click().run())
    assert "已写入" in texts(app)
    assert open_store(folder).read()["estates"]["households"].tolist() == [49, 50]


@pytest.mark.slow
def test_the_second_of_two_is_told_who_was_faster_and_loses_nothing(folder: Path) -> None:
    app = settled(dropped(survey(folder, 49, 50)))
    app.text_input(key="officer").set_value("马工").run()
    change_elsewhere(folder)
    app = settled(app.button(key="import_accept").click().run())
    assert "已有他人编辑：王工" in texts(app)
    assert len(open_store(folder).history()) == 2  # taken into the store, and 王工's change
    app = settled(app.button(key="import_rebase").click().run())
    app = settled(app.button(key="import_accept").click().run())
    estates = open_store(folder).read()["estates"]
    assert estates["households"].tolist() == [49, 50]
    assert estates["address"].tolist() == ["别处"] * 2


@pytest.mark.slow
def test_a_cell_is_corrected_on_the_page_and_the_correction_is_taken_back(folder: Path) -> None:
    app = settled(dropped(survey(folder, "很多", 50)))
    app.selectbox(key="correct_heading_0_2").select("户数").run()
    app.text_input(key="correct_text_0_2_户数").set_value("77").run()
    app = settled(app.button(key="correct").click().run())
    assert "读入 2 = 采用 2 + 隔离 0" in texts(app)
    app = settled(app.button(key="as_delivered_0_2_户数").click().run())
    assert "读入 2 = 采用 1 + 隔离 1" in texts(app)


@pytest.mark.slow
def test_seven_parameters_are_used_and_kept_nowhere(folder: Path) -> None:
    district = open_store(folder).read()
    centre = district["estates"].geometry.union_all().centroid
    shapes = [shapely.box(centre.x + 300, centre.y, centre.x + 400, centre.y + 80)]
    row = delivery.Estate("N-1", "新小区", 10, 2000.0, shapes[0])
    path = delivery.shapefile(folder.parent, [row], reference="EPSG:4544")
    files = sorted(folder.parent.glob("小区.*"))
    reading = sandbox.read(files, names=[file.name for file in files])
    opened = Delivery.of(reading, district, DATE, store=open_store(folder))
    assert path in files
    app = settled(dropped(opened))
    app.radio(key="import_0_crs").set_value("EPSG:2380").run()  # Xi'an 80, the same zone
    app.text_input(key="officer").set_value("马工").run()
    assert app.button(key="import_accept").disabled
    secret = 12.3456789
    for name in ("dx", "dy", "dz", "rx", "ry", "rz", "scale"):
        app.number_input(key=f"datum_0_{name}").set_value(secret if name == "dx" else 0.0)
    (submit,) = [button for button in app.button if button.label == "用于本次导入"]
    app = settled(submit.click().run())
    app = settled(app.button(key="import_accept").click().run())
    assert "已写入" in texts(app)
    there = open_store(folder).read()["estates"].set_index("estate_id").geometry["N-1"]
    # Second method: the centre of the ellipsoid moved by dx along X, so the place moves about
    # dx * |sin(longitude)| eastwards; the other ellipsoid (IAU 1976) moves it north by metres only.
    moved = there.centroid.x - shapes[0].centroid.x
    assert moved == pytest.approx(-secret * math.sin(math.radians(106.2)), abs=0.3)
    for file in folder.rglob("*"):
        if file.is_file():
            assert b"12.3456789" not in file.read_bytes()
    assert "12.3456789" not in texts(app)


@pytest.mark.slow
def test_a_table_can_be_left_out(folder: Path) -> None:
    app = settled(dropped(survey(folder, 49, 50)))
    app = settled(app.selectbox(key="import_layer_0").select("").run())
    assert "import_accept" not in [button.key for button in app.button]


@pytest.mark.slow
def test_history_names_compares_and_brings_back(folder: Path) -> None:
    before = open_store(folder).read().version
    change_elsewhere(folder)
    app = settled(page("history").run())
    table = app.dataframe[0].value
    assert table["经办人"].tolist()[0] == "王工"
    assert "小区：增 0 行，改 2 行（地址 2），删 0 行" in texts(app).replace("\\", "")
    app.text_input(key="officer").set_value("马工").run()
    app.text_input(key="version_name").set_value("报审稿").run()
    app = settled(app.button(key="name_version").click().run())
    assert open_store(folder).history()[-1].name == "报审稿"
    app = settled(app.button(key="restore").click().run())
    assert open_store(folder).read().version == before
    app = settled(app.button(key="verify").click().run())
    assert "与写入时一致" in texts(app)


@pytest.mark.slow
@pytest.mark.usefixtures("folder")
def test_history_of_an_untouched_district_says_so() -> None:
    assert "尚无变更" in texts(settled(page("history").run()))


@pytest.mark.slow
@pytest.mark.usefixtures("folder")
def test_every_form_of_hand_over_and_the_backup_are_offered() -> None:
    app = page("downloads").run()
    app = settled(app.text_input(key="officer").set_value("马工").run())
    keys = {button.proto.id.split("-")[-1] for button in app.get("download_button")}
    assert {"handover_template", "handover_gpkg", "handover_gdb", "download_backup"} <= keys


@pytest.mark.slow
def test_the_demonstration_is_kept_in_a_store_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LITONG_DISTRICT", "")
    assert "尚无变更" in texts(settled(page("history").run()))


@pytest.mark.slow
def test_a_doubtful_column_and_unit_are_asked_on_the_page(folder: Path) -> None:
    district = open_store(folder).read()
    names, areas = (district["estates"][name] for name in ("name", "floor_area_m2"))
    rows = [[n, round(a / 10_000, 4), 7] for n, a in zip(names, areas, strict=True)]
    path = delivery.workbook(
        folder.parent / "a.xlsx", [["小区名称", "建筑面积", "改造户数"], *rows]
    )
    opened = Delivery.of(sandbox.read(path), district, DATE, wanted={0: "estates"})
    app = settled(dropped(opened))
    assert app.button(key="import_accept").disabled
    app = settled(app.radio(key="import_0_column:households").set_value("").run())
    app = settled(app.radio(key="import_0_unit:floor_area_m2").set_value("万m²").run())
    assert not app.button(key="import_accept").disabled
    app.text_input(key="officer").set_value("马工").run()
    app = settled(app.button(key="import_accept").click().run())
    after = open_store(folder).read()["estates"]
    assert after["floor_area_m2"].tolist() == pytest.approx(areas.tolist(), abs=1)
    assert after["households"].equals(district["estates"]["households"])


def spelt_otherwise(folder: Path) -> Delivery:
    """Read the outlines of the district's own estates under other keys and in another spelling."""
    district = open_store(folder).read()
    known = district["estates"]
    rows = [
        delivery.Estate(f"X{at}", f"{name[:2]} {name[2:]}", 36, 3000.0, shape)
        for at, (name, shape) in enumerate(zip(known["name"], known.geometry, strict=True))
    ]
    path = delivery.shapefile(folder.parent, rows, prj=CRS.from_epsg(4544).to_wkt("WKT1_ESRI"))
    opened = Delivery.of(sandbox.read(path), district, DATE, wanted={0: "estates"})
    draft = opened.parts[0].draft.choose("crs", "EPSG:4544")
    for question in (one for one in draft.questions if one.step != "key"):
        draft = draft.choose(question.step, question.candidates[0].value)
    return opened.with_draft(0, draft)


@pytest.mark.slow
def test_each_pair_is_answered_by_itself_on_the_page(folder: Path) -> None:
    app = settled(dropped(spelt_otherwise(folder)))
    assert "也可逐对回答（共 2 对）" in texts(app)
    known = open_store(folder).read()["estates"]["estate_id"].tolist()
    first = app.button_group(key="import_0_same:1")
    assert "↔" in first.label
    app = settled(first.set_value(known[0]).run())
    draft = app.session_state["import_delivery"].parts[0].draft
    assert draft.choices["same:1"] == known[0]
    app = settled(app.button_group(key="import_0_same:2").set_value("").run())
    draft = app.session_state["import_delivery"].parts[0].draft
    assert draft.row_keys == [known[0], "X1"]
    assert draft.questions == ()


@pytest.mark.usefixtures("folder")
def test_a_place_that_cannot_be_written_says_so_on_every_page(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(GeoPackageDatabase, "is_read_only", property(lambda _: True))
    assert "此处只读" in texts(settled(page("contents").run()))

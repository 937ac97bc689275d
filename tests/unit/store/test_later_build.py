"""Builds with more, or fewer, columns, codes and layers than the one that wrote a store."""

from dataclasses import replace
from io import BytesIO
from zipfile import ZipFile

import pytest
import shapely
from openpyxl import load_workbook

import layers
from edits import difference
from edits.rows import set_values
from exports.geopackage import layers_package
from exports.layers_book import layers_workbook
from exports.shapefile import district_shapefiles
from geo.errors import DataError
from layers import conforming
from layers.column import Column
from layers.spec import LayerSpec
from store import EntryKind, Signature, geopackage, open_store
from tests.unit.store.releases import rows_of
from views.contents import of_another_build
from wording import Text

ZHAO = Signature("赵工", "2026-12-01T09:00:00+08:00", "新版本")


@pytest.fixture(autouse=True)
def _fresh_specs():
    yield
    conforming.empty_layer.cache_clear()  # it keeps empty frames of the specs there were


def _later_specs(monkeypatch):
    """Let the build know a column, a code and a layer more, as a later one does."""
    conforming.empty_layer.cache_clear()
    estates, trees = layers.ALL["estates"], layers.ALL["trees"]
    heated = Column("heated", "bool", "集中供热", "district heating")
    boiler = Column("boiler_kw", "float", "锅炉功率", "boiler", "kW", least=0)
    facilities = layers.ALL["facilities"]
    palm, mothballed = Text("棕榈", "palm"), Text("暂停使用", "mothballed")
    coded = _with_code(trees, "kind", "palm", palm)
    hydrants = LayerSpec(
        "hydrants", "消火栓", "hydrants", "Point",
        (
            Column("hydrant_id", "str", "编号", "id", required=True),
            Column("pressure_mpa", "float", "水压", "pressure", "MPa"),
            Column("is_tested", "bool", "已检", "tested"),
        ),
    )  # fmt: skip
    wider = replace(estates, own_columns=(*estates.own_columns, heated, boiler))
    monkeypatch.setitem(layers.ALL, "estates", wider)
    monkeypatch.setitem(layers.ALL, "trees", coded)
    stated = _with_code(facilities, "state", "mothballed", mothballed)
    monkeypatch.setitem(layers.ALL, "facilities", stated)
    monkeypatch.setitem(layers.ALL, "hydrants", hydrants)
    monkeypatch.setattr(layers, "SURVEYED", (*layers.SURVEYED, "hydrants"))


def _with_code(spec, name, code, label):
    """Return a layer with one code more in a column."""
    codes = {**spec.column(name).codes, code: label}
    columns = [replace(c, codes=codes) if c.name == name else c for c in spec.own_columns]
    return replace(spec, own_columns=tuple(columns))


def _row(shape, **cells):
    facts = {"provenance": "surveyed", "source": "现场", "source_date": "2026-12-01"}
    return {**cells, **facts, "geometry": shape}


@pytest.mark.slow
def test_a_later_build_with_a_column_a_code_and_a_layer_more_takes_the_store_on(
    old_store, told, tmp_path, monkeypatch
):
    version, named = old_store.read().version, old_store.read("普查").version
    _later_specs(monkeypatch)
    old_store.verify()
    assert old_store.read().version == version
    assert old_store.read("普查").version == named
    seen = old_store.row("estates", "estates-1")
    old_store.update(seen, {"heated": True, "boiler_kw": 2.5}, entry=ZHAO)
    old_store.add(
        "trees", _row(shapely.Point(600_320, 4_200_030), tree_id="t9", kind="palm"), entry=ZHAO
    )
    old_store.add(
        "hydrants",
        _row(shapely.Point(600_330, 4_200_030), hydrant_id="H1", pressure_mpa=0.2, is_tested=True),
        entry=ZHAO,
    )
    old_store.verify()
    after = old_store.read()
    assert after["estates"]["boiler_kw"].tolist()[0] == 2.5
    assert after["hydrants"]["is_tested"].tolist() == [True]
    counts = difference(old_store.read("普查"), after).counts
    assert counts["hydrants"] == (1, 0, 0)
    old_store.backup(tmp_path / "b.gpkg", entry=ZHAO)
    new = open_store(tmp_path / "new")
    new.restore_backup(tmp_path / "b.gpkg", entry=ZHAO)
    new.verify()
    assert new.read().version == after.version
    assert new.history()[:-1] == old_store.history()
    old_store.restore("普查", entry=ZHAO)
    assert rows_of(old_store.read())["trees"] == told["named"]["普查"]["rows"]["trees"]
    old_store.restore_backup(tmp_path / "b.gpkg", entry=ZHAO)
    assert old_store.read().version == after.version
    old_store.verify()


@pytest.fixture
def coded_later(old_store, monkeypatch):
    """Return the store after a later build wrote rows with codes that this one does not know."""
    with monkeypatch.context() as later:
        _later_specs(later)
        place = shapely.Point(600_320, 4_200_030)
        old_store.add("trees", _row(place, tree_id="t9", kind="palm"), entry=ZHAO)
        edit = set_values(old_store.read(), "facilities", {"facilities-1": {"state": "mothballed"}})
        old_store.record(EntryKind.GREENING, {"event": "x"}, entry=ZHAO, edit=edit)
        old_store.name("新", entry=ZHAO)
    conforming.empty_layer.cache_clear()
    return type(old_store)(old_store._database)  # as the earlier build opens it


def test_a_code_that_a_build_does_not_know_is_kept_and_read_as_unknown(coded_later):
    found = coded_later.read()
    assert found.version == coded_later.history()[-1].version
    coded_later.verify()
    assert found.frames["trees"].set_index("tree_id")["kind"]["t9"] == "palm"
    assert "t9" not in found["trees"]["tree_id"].tolist()  # a tree of no kind we could judge
    states = [
        frame.set_index("facility_id")["state"]
        for frame in (found.frames["facilities"], found["facilities"])
    ]
    assert states[0]["facilities-1"] == "mothballed"
    assert states[1].isna()["facilities-1"]
    told = of_another_build(found, "en")
    assert any(
        "trees, kind: 1 row has a code that this build does not know (palm)" in s for s in told
    )
    assert coded_later.history()[-3].sentence("zh").startswith("加一行　新增树木 t9：")


@pytest.mark.slow
def test_a_row_with_an_unknown_code_is_edited_and_its_code_stays_until_somebody_changes_it(
    coded_later, tmp_path
):
    version = coded_later.read().version
    coded_later.update(coded_later.row("trees", "t9"), {"species": "棕榈"}, entry=ZHAO)
    edit = set_values(coded_later.read(), "trees", {"t9": {"crown_m": 2.0}})
    coded_later.apply(edit, base=coded_later.read().version, entry=ZHAO)
    row = coded_later.row("trees", "t9")
    assert (row.cells["kind"], row.cells["crown_m"]) == ("palm", 2.0)
    with pytest.raises(DataError, match="found 'oak'"):
        coded_later.update(row, {"kind": "oak"}, entry=ZHAO)
    coded_later.update(row, {"kind": "tree"}, entry=ZHAO)
    assert "t9" in coded_later.read()["trees"]["tree_id"].tolist()
    coded_later.verify()
    coded_later.restore("普查", entry=ZHAO)
    coded_later.restore("新", entry=ZHAO)
    assert coded_later.read().version == version
    coded_later.backup(tmp_path / "b.gpkg", entry=ZHAO)
    new = open_store(tmp_path / "new")
    new.restore_backup(tmp_path / "b.gpkg", entry=ZHAO)
    assert new.read().version == version
    coded_later.remove(coded_later.row("trees", "t9"), entry=ZHAO)
    coded_later.verify()


@pytest.mark.slow
def test_a_code_that_a_build_does_not_know_is_handed_over(coded_later, tmp_path):
    package = tmp_path / "handed.gpkg"
    package.write_bytes(layers_package(coded_later.read()))
    assert "palm" in geopackage.read(package)["trees"].frame["kind"].tolist()
    workbook = load_workbook(BytesIO(layers_workbook(coded_later.read())[0]), read_only=True)
    cells = {cell for row in workbook["树木"].iter_rows(values_only=True) for cell in row}
    assert "palm" in cells


@pytest.fixture
def written_later(old_store, monkeypatch):
    """Return the store after a later build wrote a column and a layer more into it."""
    with monkeypatch.context() as later:
        _later_specs(later)
        seen = old_store.row("estates", "estates-1")
        old_store.update(seen, {"heated": True, "boiler_kw": 2.5}, entry=ZHAO)
        cells = {"hydrant_id": "H1", "pressure_mpa": 0.2, "is_tested": True}
        old_store.add("hydrants", _row(shapely.Point(600_330, 4_200_030), **cells), entry=ZHAO)
        old_store.name("新", entry=ZHAO)
    conforming.empty_layer.cache_clear()
    return type(old_store)(old_store._database)  # as the earlier build opens it


@pytest.mark.slow
def test_what_a_build_does_not_know_is_read_verified_edited_and_restored(written_later):
    version = written_later.history()[-1].version
    written_later.verify()
    found = written_later.read()
    assert found.version == version
    assert found["estates"][["heated", "boiler_kw"]].to_numpy().tolist()[0] == [1, 2.5]
    assert found.unknown_frames["hydrants"]["pressure_mpa"].tolist() == [0.2]
    for values in ({"households": 77}, {"boiler_kw": 3.5}):
        written_later.update(written_later.row("estates", "estates-1"), values, entry=ZHAO)
    assert written_later.read()["estates"]["heated"].tolist()[0] == 1
    written_later.restore("普查", entry=ZHAO)
    assert written_later.read()["estates"]["heated"].isna().all()
    assert len(written_later.read().unknown_frames["hydrants"]) == 0
    written_later.verify()
    written_later.restore("新", entry=ZHAO)
    assert written_later.read().version == version
    written_later.verify()


@pytest.mark.slow
def test_what_a_build_does_not_know_is_handed_over(written_later, tmp_path):
    package = tmp_path / "handed.gpkg"
    package.write_bytes(layers_package(written_later.read()))
    handed = geopackage.read(package)
    assert handed["hydrants"].frame["pressure_mpa"].tolist() == [0.2]
    assert handed["estates"].frame["boiler_kw"].tolist()[0] == 2.5
    book = load_workbook(BytesIO(layers_workbook(written_later.read())[0]), read_only=True)
    heads, first = list(book["小区"].iter_rows(values_only=True, max_row=2))
    assert first[heads.index("boiler_kw")] == 2.5
    archive = ZipFile(BytesIO(district_shapefiles(written_later.read())[0]))
    assert b"boiler_kw" in archive.read("estates.dbf")


@pytest.mark.slow
def test_what_a_build_does_not_know_comes_through_its_backup(written_later, tmp_path, monkeypatch):
    version = written_later.read().version
    written_later.backup(tmp_path / "b.gpkg", entry=ZHAO)
    new = open_store(tmp_path / "new")
    new.restore_backup(tmp_path / "b.gpkg", entry=ZHAO)
    new.verify()
    assert new.read().version == version
    _later_specs(monkeypatch)
    again = open_store(tmp_path / "new").read()
    assert again.version == version
    assert again["estates"]["heated"].tolist()[0] is True
    assert again["hydrants"]["is_tested"].tolist() == [True]

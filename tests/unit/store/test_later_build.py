"""Builds with more, or fewer, columns, codes and layers than the one that wrote a store."""

from dataclasses import replace

import pytest
import shapely

import layers
from edits import difference
from exports.geopackage import layers_package
from layers import district
from layers.column import Column
from layers.spec import LayerSpec
from store import Signature, geopackage, open_store
from tests.unit.store.releases import rows_of
from wording import Text

ZHAO = Signature("赵工", "2026-12-01T09:00:00+08:00", "新版本")


@pytest.fixture(autouse=True)
def _fresh_specs():
    yield
    district._empty.cache_clear()  # it keeps empty frames of the specs there were


def _later_specs(monkeypatch):
    """Let the build know a column, a code and a layer more, as a later one does."""
    district._empty.cache_clear()
    estates, trees = layers.ALL["estates"], layers.ALL["trees"]
    heated = Column("heated", "bool", "集中供热", "district heating")
    boiler = Column("boiler_kw", "float", "锅炉功率", "boiler", "kW", least=0)
    kinds = {**trees.column("kind").codes, "palm": Text("棕榈", "palm")}
    coded = [replace(c, codes=kinds) if c.name == "kind" else c for c in trees.own_columns]
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
    monkeypatch.setitem(layers.ALL, "trees", replace(trees, own_columns=tuple(coded)))
    monkeypatch.setitem(layers.ALL, "hydrants", hydrants)
    monkeypatch.setattr(layers, "SURVEYED", (*layers.SURVEYED, "hydrants"))


def _row(shape, **cells):
    facts = {"provenance": "surveyed", "source": "现场", "source_date": "2026-12-01"}
    return {**cells, **facts, "geometry": shape}


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
def written_later(old_store, monkeypatch):
    """Return the store after a later build wrote a column and a layer more into it."""
    with monkeypatch.context() as later:
        _later_specs(later)
        seen = old_store.row("estates", "estates-1")
        old_store.update(seen, {"heated": True, "boiler_kw": 2.5}, entry=ZHAO)
        cells = {"hydrant_id": "H1", "pressure_mpa": 0.2, "is_tested": True}
        old_store.add("hydrants", _row(shapely.Point(600_330, 4_200_030), **cells), entry=ZHAO)
        old_store.name("新", entry=ZHAO)
    district._empty.cache_clear()
    return type(old_store)(old_store._database)  # as the earlier build opens it


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


def test_what_a_build_does_not_know_is_handed_over(written_later, tmp_path):
    package = tmp_path / "handed.gpkg"
    package.write_bytes(layers_package(written_later.read()))
    handed = geopackage.read(package)
    assert handed["hydrants"].frame["pressure_mpa"].tolist() == [0.2]
    assert handed["estates"].frame["boiler_kw"].tolist()[0] == 2.5


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

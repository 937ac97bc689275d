"""GeoPackages handed over: what another reader finds in them, in a process of its own."""

import json
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest
from defusedxml import ElementTree

import layers
from exports.geopackage import findings_package, layers_package
from exports.qml import qml
from layers.column import short_names

READ = """
import json, sys, pyogrio
path = sys.argv[1]
out = {}
for name, kind in pyogrio.list_layers(path).tolist():
    if kind is None:  # layer_styles
        continue
    frame = pyogrio.read_dataframe(path, layer=name)
    out[name] = {"kind": kind, "epsg": frame.crs.to_epsg(), "rows": len(frame),
                 "types": frame.geom_type.fillna("none").tolist(), "columns": list(frame)}
print(json.dumps(out))
"""


def _read_elsewhere(path):
    """Let GDAL look at the file, never in this process: two SQLites break each other's locks."""
    done = subprocess.run(  # noqa: S603  (our own interpreter, our own script)
        [sys.executable, "-c", READ, str(path)], check=True, capture_output=True, text=True
    )
    return json.loads(done.stdout)


@pytest.mark.slow
def test_findings_and_gaps_open_in_another_reader(findings, district, tmp_path):
    findings_package(findings, district, tmp_path / "out.gpkg")
    found = _read_elsewhere(tmp_path / "out.gpkg")
    assert found["findings"]["rows"] == 4
    assert found["findings"]["types"] == ["LineString", "none", "none", "none"]
    assert found["facility_gaps"]["rows"] == 2  # the short and the missing one
    assert found["facility_gaps"]["types"] == ["Polygon", "Polygon"]
    assert {layer["epsg"] for layer in found.values()} == {4490}


@pytest.mark.slow
def test_a_district_without_gaps_hands_over_an_empty_layer(findings, district, tmp_path):
    findings_package(findings[findings["outcome"] == "met"], district, tmp_path / "out.gpkg")
    assert _read_elsewhere(tmp_path / "out.gpkg")["facility_gaps"]["rows"] == 0


@pytest.mark.slow
def test_the_layers_package_holds_what_was_surveyed(district, tmp_path):
    (tmp_path / "layers.gpkg").write_bytes(layers_package(district))
    found = _read_elsewhere(tmp_path / "layers.gpkg")
    assert list(found) == ["estates"]
    assert found["estates"]["rows"] == 2


def test_equal_districts_give_equal_bytes(district):
    assert layers_package(district) == layers_package(district)


def test_every_layer_has_a_default_style_where_qgis_looks_for_it(district, tmp_path):
    (tmp_path / "layers.gpkg").write_bytes(layers_package(district))
    with closing(sqlite3.connect(tmp_path / "layers.gpkg")) as base:
        rows = base.execute(
            "SELECT f_table_name, f_geometry_column, styleQML, useAsDefault FROM layer_styles"
        ).fetchall()
        kind = base.execute(
            "SELECT data_type FROM gpkg_contents WHERE table_name = 'layer_styles'"
        ).fetchone()
    assert rows == [("estates", "geom", qml(layers.ALL["estates"]), 1)]
    assert kind == ("attributes",)


@pytest.mark.parametrize("layer", layers.ALL)
def test_a_style_names_every_column_in_chinese_and_offers_every_code(layer):
    spec = layers.ALL[layer]
    names = short_names(spec.columns)
    root = ElementTree.fromstring(qml(spec, names).split("\n", 1)[1])  # without its document type
    aliases = {one.get("field"): one.get("name") for one in root.find("aliases")}
    for column in spec.columns:
        assert aliases[names[column.name]].startswith(column.label_zh)
        offered = root.findall(
            f"fieldConfiguration/field[@name='{names[column.name]}']//Option[@value]"
        )
        assert {one.get("value") for one in offered} == set(column.codes or ())
    symbols = {one.get("name") for one in root.findall("renderer-v2/symbols/symbol")}
    assert {one.get("symbol") for one in root.findall("renderer-v2/categories/category")} <= symbols
    assert symbols


def test_qgis_draws_a_facility_as_the_booklet_prints_it():
    root = ElementTree.fromstring(qml(layers.ALL["facilities"]).split("\n", 1)[1])
    (school,) = root.findall("renderer-v2/categories/category[@value='school']")
    layer = root.findall(f"renderer-v2/symbols/symbol[@name='{school.get('symbol')}']/layer")
    looks = [{o.get("name"): o.get("value") for o in one.findall("Option/Option")} for one in layer]
    # 教育与托育 on the sheets: a square of 3.6 mm, 176 108 0, with 学 in it.
    assert [one.get("class") for one in layer] == ["SimpleMarker", "FontMarker"]
    assert (looks[0]["name"], looks[0]["color"], looks[0]["size"]) == (
        "square",
        "176,108,0,255",
        "3.6",
    )
    assert looks[1]["chr"] == "学"
    assert school.get("label") == "学校"


def test_a_dashed_pipe_is_dashed_in_qgis_and_an_unset_code_is_grey():
    text = qml(layers.ALL["pipelines"])
    assert 'name="customdash" value="4;0.8;0.8;0.8;0.8;0.8"' in text  # gas
    root = ElementTree.fromstring(text.split("\n", 1)[1])
    (unset,) = root.findall("renderer-v2/categories/category[@value='']")
    symbol = root.find(f"renderer-v2/symbols/symbol[@name='{unset.get('symbol')}']")
    assert symbol.find(".//Option[@name='line_color']").get("value") == "150,150,150,255"

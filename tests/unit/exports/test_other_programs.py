"""
What programs that are not ours find in a hand-over: GDAL's own from the system, and QGIS.

Without them the tests are skipped, except where LITONG_REQUIRE_BROWSER says that all must be there.
"""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

import layers
from exports.fields import dbf_type
from exports.handover import FORMATS, export_district
from layers.column import short_names
from tests.every_layer import every_layer

pytestmark = pytest.mark.programs

QGIS_PYTHON = "/usr/bin/python3"
QGIS = """
import json, sys
from qgis.core import QgsApplication, QgsVectorLayer
QgsApplication.setPrefixPath("/usr", True)
app = QgsApplication([], False)
app.initQgis()
out = {}
for name in sys.argv[2:]:
    layer = QgsVectorLayer(f"{sys.argv[1]}|layername={name}", name, "ogr")
    symbols = layer.renderer().legendSymbolItems()
    out[name] = {
        "valid": layer.isValid(), "rows": layer.featureCount(), "crs": layer.crs().authid(),
        "aliases": [f.alias() for f in layer.fields()][1:], "labels": layer.labelsEnabled(),
        "legend": [item.label() for item in symbols],
        "widgets": {
            f.name(): layer.editorWidgetSetup(i).type() for i, f in enumerate(layer.fields())
        },
    }
sys.stdout.write("\\n" + json.dumps(out) + "\\n")
sys.stdout.flush()
import os
os._exit(0)  # QGIS takes its time to leave
"""


def _run(*command, **more):
    if shutil.which(command[0]) is None and not os.environ.get("LITONG_REQUIRE_BROWSER"):
        pytest.skip(f"{command[0]} is not installed")
    done = subprocess.run(  # noqa: S603 - programs of the system, files of our own
        command, check=True, capture_output=True, text=True, timeout=120, **more
    )
    return done.stdout


@pytest.fixture(scope="module")
def handed():
    """Return a district with rows in every layer."""
    return every_layer()


@pytest.fixture(scope="module")
def files(handed, tmp_path_factory):
    folder = tmp_path_factory.mktemp("out")
    paths = {}
    for form in ("gpkg", "gdb", "shp", "shp-gbk"):
        paths[form] = folder / f"x{FORMATS[form].suffix}"
        export_district(handed, form, paths[form])
    for form in ("shp", "shp-gbk"):
        shutil.unpack_archive(paths[form], folder / form)
    return paths


def _fields(text):
    """Return the fields that ogrinfo lists: name to type."""
    return dict(re.findall(r"^(\w+): (\w+ \([\d.]+\))$", text, re.MULTILINE))


def _expected(column):
    kind, width = dbf_type(column).partition(":")[::2]
    names = {"str": "String", "int": "Integer", "float": "Real", "date": "Date"}
    decimals = width if "." in width else f"{width or 10}.0"
    return f"{names[kind]} ({decimals})"


@pytest.mark.parametrize("form", ["shp", "shp-gbk"])
@pytest.mark.parametrize("layer", layers.SURVEYED)
def test_gdal_finds_the_widths_and_decimals_of_the_spec(files, handed, form, layer):
    path = files[form].parent / form / f"{layer}.shp"
    found = _run("ogrinfo", "-ro", "-so", "-al", str(path))
    columns = layers.ALL[layer].columns
    names = short_names(columns)
    assert _fields(found) == {names[c.name]: _expected(c) for c in columns}
    assert f"Feature Count: {len(handed[layer])}" in found


def test_gdal_reads_the_same_names_from_both_encodings(files, handed):
    for form in ("shp", "shp-gbk"):
        path = files[form].parent / form / "estates.shp"
        text = _run("ogrinfo", "-ro", "-al", "-geom=NO", str(path))
        assert re.findall(r"name \(String\) = (.*)", text) == handed["estates"]["name"].tolist()


def test_gdal_knows_the_reference_system_of_every_prj(files):
    for path in sorted((files["shp"].parent / "shp").glob("*.prj")):
        assert "EPSG:4490" in _run("gdalsrsinfo", "-o", "epsg", str(path))


def test_gdal_opens_the_zipped_geodatabase(files, handed):
    found = _run("ogrinfo", "-ro", "-so", "-al", f"/vsizip/{files['gdb']}")
    rows = dict(re.findall(r"Layer name: (\w+).*?Feature Count: (\d+)", found, re.DOTALL))
    assert rows == {name: str(len(frame)) for name, frame in handed.frames.items()}
    assert "provenance: String (9.0)" in found
    assert "households: Integer (0.0)" in found


def test_gdal_finds_nothing_amiss_in_the_geopackage(files, handed):
    found = _run("ogrinfo", "-ro", "-so", "-al", str(files["gpkg"]))
    rows = dict(re.findall(r"Layer name: (\w+).*?Feature Count: (\d+)", found, re.DOTALL))
    styles = rows.pop("layer_styles")
    assert rows == {name: str(len(frame)) for name, frame in handed.frames.items()}
    assert int(styles) == len(handed.frames)


def test_qgis_opens_every_layer_styled_with_chinese_aliases(files, handed):
    if not Path("/usr/lib/python3/dist-packages/qgis").is_dir() and not os.environ.get(
        "LITONG_REQUIRE_BROWSER"
    ):
        pytest.skip("python3-qgis is not installed")
    environment = {
        "QT_QPA_PLATFORM": "offscreen",
        "PATH": "/usr/bin:/bin",
        "HOME": str(files["gpkg"].parent),
    }
    out = _run(QGIS_PYTHON, "-c", QGIS, str(files["gpkg"]), *handed.frames, env=environment)
    found = json.loads(out.strip().splitlines()[-1])
    for name, seen in found.items():
        spec = layers.ALL[name]
        assert seen["valid"]
        assert seen["crs"] == "EPSG:4490"
        assert seen["rows"] == len(handed[name])
        wanted = [f"{c.label_zh}（{c.unit}）" if c.unit else c.label_zh for c in spec.columns]
        assert seen["aliases"] == wanted
        assert {c.name for c in spec.columns if c.codes} == {
            field for field, widget in seen["widgets"].items() if widget == "ValueMap"
        }
    assert found["pipelines"]["legend"][:3] == ["给水", "排水", "燃气"]
    assert found["estates"]["labels"]

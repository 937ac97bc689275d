"""
A new layer needs four files: its module, its line in `layers.ALL`, its look, the data dictionary.

The project is laid out in a folder, `hydrants` is added to it by hand in those files and no other,
and programs of its own check, import, store, export, draw and document the layer.
"""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULE = '''
"""Hydrants 消火栓: where the fire brigade takes water."""

from layers.spec import Column, LayerSpec
from wording import Text

KINDS = {"ground": Text("地上式", "above ground"), "pit": Text("地下式", "in a pit")}

SPEC = LayerSpec(
    "hydrants",
    "消火栓",
    "hydrants",
    "Point",
    (
        Column("hydrant_id", "str", "消火栓编号", "hydrant id", required=True),
        Column("kind", "str", "类型", "kind", codes=KINDS),
        Column("name", "str", "名称", "name"),
        Column("estate_id", "str", "所属小区", "estate", refers_to="estates"),
        Column("pressure_mpa", "float", "水压", "pressure", "MPa", least=0),
    ),
)
'''
LOOK = """
[hydrants]
group = "facilities"
sheet = "places"
label = "name"
scale = 13500
hovers = true
symbol = "plate"
mark = "栓"
size = 3.6
fill = [200, 30, 40]
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Lay the project out with `hydrants` in it: links to everything but the layers' room."""
    project = tmp_path_factory.mktemp("project")
    for place in ROOT.iterdir():
        if place.is_dir() and place.name != "layers" and not place.name.startswith("."):
            (project / place.name).symlink_to(place)
    shutil.copytree(ROOT / "layers", project / "layers")
    rooms = project / "layers" / "__init__.py"
    listed = rooms.read_text(encoding="utf-8").replace("parking,\n", "parking,\n    hydrants,\n")
    (project / "layers" / "hydrants.py").write_text(MODULE, encoding="utf-8")
    rooms.write_text(listed, encoding="utf-8")
    with (project / "layers" / "style.toml").open("a", encoding="utf-8") as style:
        style.write(LOOK)
    return project


@pytest.fixture(scope="module")
def found(project: Path) -> dict[str, object]:
    """Run the trial in the project; return what it found."""
    command = [sys.executable, "-m", "tests.trials.hydrants"]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)  # noqa: S603
    assert done.returncode == 0, done.stderr[-4000:]
    result: dict[str, object] = json.loads((project / "found.json").read_text(encoding="utf-8"))
    return result


pytestmark = pytest.mark.slow


def test_it_is_checked_imported_and_stored(found: dict[str, object]) -> None:
    assert found["import"] == 3  # one row is set aside: it names a kind that is none
    assert found["kinds"] == ["ground"]


def test_it_is_drawn_on_the_map_and_in_the_file_that_stands_alone(
    found: dict[str, object], project: Path
) -> None:
    assert found["drawn"]
    assert "\\u4e1c\\u95e8\\u6813" in str(found["module"])  # 东门栓
    (legend,) = found["legend"]  # type: ignore[misc]
    assert (legend["label"], legend["looks"][0]["mark"]) == ("消火栓", "栓")  # type: ignore[index]
    assert found["check"] == 0
    assert "hydrants.layer.js" in (project / "map.html").read_text(encoding="utf-8")


def test_it_is_exported_with_its_look(found: dict[str, object]) -> None:
    assert found["export"] == 0
    assert 'value="栓"' in str(found["qml"])
    assert "200,30,40,255" in str(found["qml"])
    assert "地上式" in str(found["qml"])
    assert "消火栓" in str(found["template"])


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler is not installed")
def test_it_is_drawn_in_the_booklet_with_its_legend(
    found: dict[str, object], project: Path
) -> None:
    assert found["atlas"] == 0
    command = ["pdftotext", str(project / "book.pdf"), "-"]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603
    assert {"消火栓", "东门栓"} <= set(re.split(r"\s+", text))


def test_it_is_documented(found: dict[str, object]) -> None:
    assert found["documented"]

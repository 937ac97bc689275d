"""
The map client: its modules pass their own tests in Node, and are bundled for a file without loss.

Node is needed for the tests alone; LITONG_REQUIRE_NODE=1 lets none be skipped.
"""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from atlas.themes import load_style
from layers.style import css_colour
from rules.ranking import STEPS, Tier
from views.map.bundle import NAME, bundle
from views.map.vendored import STATIC, client_modules

TESTS = Path(__file__).resolve().parents[2] / "client"


@pytest.fixture(scope="module")
def node() -> str:
    """Node's program, or a skip where there is none and nobody insists."""
    found = shutil.which("node")
    if found is None and not os.environ.get("LITONG_REQUIRE_NODE"):
        pytest.skip("Node is not installed")
    return found or "node"


def run(*command: str | Path) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("test", sorted(TESTS.glob("*.test.js")), ids=lambda path: path.name)
def test_the_functions_of_the_client_do_what_their_tests_say(node: str, test: Path) -> None:
    assert "# fail 0" in run(node, "--test", "--test-reporter=tap", test)


def test_the_bundle_exports_what_the_modules_export(node: str, tmp_path: Path) -> None:
    """Node imports each module by itself; the bundle must hold the same names."""
    script = tmp_path / "names.mjs"
    script.write_text(
        "const names = {};\n"
        + "".join(
            f"names[{json.dumps(name)}] = "
            f"Object.keys(await import({json.dumps((STATIC / name).as_uri())})).sort();\n"
            for name in client_modules()
        )
        + "console.log(JSON.stringify(names));\n",
        encoding="utf-8",
    )
    bundled = tmp_path / "bundled.mjs"
    sources = {name: body.decode() for name, body in client_modules().items()}
    bundled.write_text(
        bundle(sources)
        + f"\nconst names = Object.fromEntries(Object.entries({NAME})"
        + ".map(([name, module]) => [name, Object.keys(module).sort()]));\n"
        + "console.log(JSON.stringify(names));\n",
        encoding="utf-8",
    )
    assert json.loads(run(node, bundled)) == json.loads(run(node, script))


def test_names_pass_from_module_to_module_whatever_their_order(node: str, tmp_path: Path) -> None:
    script = bundle(
        {
            "a.js": 'import { two, one as i } from "./b.js";\nexport const sum = i + two();',
            "b.js": "export const one = 1;\nconst own = 2;\nexport function two() { return own; }",
        }
    )
    (tmp_path / "s.mjs").write_text(f'{script}\nconsole.log({NAME}["a.js"].sum);', encoding="utf-8")
    assert run(node, tmp_path / "s.mjs").strip() == "3"


@pytest.mark.parametrize(
    ("modules", "message"),
    [
        ({"a.js": 'import * as b from "./b.js";', "b.js": ""}, "cannot be bundled"),
        ({"a.js": "export default 1;"}, "cannot be bundled"),
        ({"a.js": "export let changing = 1;"}, "cannot be bundled"),
        ({"a.js": 'import { b } from "./b.js";'}, "is not there"),
        (
            {"a.js": 'import { b } from "./b.js";', "b.js": 'import { a } from "./a.js";'},
            "a.js > b.js > a.js",
        ),
    ],
)
def test_what_cannot_be_bundled_is_refused(modules: dict[str, str], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        bundle(modules)


def test_no_module_asks_for_anything_by_the_clock() -> None:
    for name, body in client_modules().items():
        assert b"setInterval" not in body, name


def test_a_class_has_the_same_colour_on_the_map_and_in_the_booklet() -> None:
    palette = (STATIC / "palette.js").read_text(encoding="utf-8").split("dark:")[0]
    screen = dict(re.findall(r'(\w+): "(#[0-9a-f]{6})"', palette.split("rank:")[1].split("}")[0]))
    paper = {
        key.removeprefix("rank_"): css_colour(theme.ink.fill)
        for key, theme in load_style().themes.items()
        if key.startswith("rank_")
    }
    assert paper == screen
    steps = {f"{tier}_{step}" for tier in ("safety", "gap") for step in range(1, STEPS + 1)}
    assert set(screen) == steps | {str(tier) for tier in Tier} - {"safety", "gap"}

"""The style table: every layer has one look, legends come from the layers' own words."""

import numpy as np
import pytest

import layers
from layers.style import layer_style, layer_styles, sheet_themes
from tests.tiny_town import frame, point, square


def test_every_layer_has_a_look_and_no_look_is_without_a_layer() -> None:
    assert set(layer_styles()) == set(layers.ALL)


def test_a_theme_that_says_nothing_takes_name_labels_and_shape_from_the_layer() -> None:
    (theme,) = layer_style("poles", {"fill": "#ff8000"}).themes
    assert (theme.key, theme.zh, theme.en, theme.shape) == ("poles", "杆柱", "poles", "symbol")
    assert theme.ink.fill == (255, 128, 0)


def test_a_theme_of_one_code_is_called_like_the_code() -> None:
    themes = layer_styles()["facility_gaps"].themes
    assert [(t.zh, t.en) for t in themes] == [("缺失", "missing"), ("不足", "short")]


@pytest.mark.parametrize("name", layer_styles())
def test_every_column_and_code_of_a_theme_is_the_layers_own(name: str) -> None:
    style, spec = layer_styles()[name], layers.ALL[name]
    named = {column for theme in style.themes for column in theme.where}
    named |= {theme.measure_column for theme in style.themes} | {style.label_column}
    assert named - {""} <= {column.name for column in spec.columns}
    for theme in style.themes:
        for column, values in theme.where.items():
            codes = spec.column(column).codes
            assert codes is None or set(values) - {""} <= set(codes)


def test_themes_have_names_of_their_own_and_those_on_a_sheet_a_pdf_layer() -> None:
    themes = [theme for style in layer_styles().values() for theme in style.themes]
    assert len({theme.key for theme in themes}) == len(themes)
    assert all(theme.group for style in layer_styles().values() if style.sheet
               for theme in style.themes)  # fmt: skip


def test_the_parts_of_the_sheets_are_drawn_from_the_ground_up() -> None:
    # The order in which a present-state map was approved.
    assert [theme.key for theme in sheet_themes("ground")] == [
        "green_space", "walkway", "building_around", "building"]  # fmt: skip
    assert [theme.key for theme in sheet_themes("access")] == [
        "door", "lift", "gate_open", "gate_closed"]  # fmt: skip


def test_each_row_has_the_theme_of_its_values_the_first_where_none_is_about_it() -> None:
    gates = frame(
        "entrances",
        [
            {"entrance_id": f"N{n}", "estate_id": "E1", "state": state, "geometry": point(n, 0)}
            for n, state in enumerate(["closed", "open", None])
        ],
    )
    assert layer_styles()["entrances"].theme_of_rows(gates).tolist() == [1, 0, 0]
    style = layer_style("trees", {"theme": [{"where": {"kind": ["shrub"]}}]})
    trees = frame("trees", [{"tree_id": "t", "kind": "tree", "geometry": point(0, 0)}])
    assert style.theme_of_rows(trees).tolist() == [0]


def test_a_building_of_no_estate_looks_like_one_around() -> None:
    rows = [{"building_id": f"B{n}", "geometry": square(20 * n, 0, 10, 10)} for n in range(2)]
    buildings = frame("buildings", rows)
    found = layer_styles()["buildings"].theme_of_rows(buildings, np.array([False, True]))
    keys = [layer_styles()["buildings"].themes[place].key for place in found]
    assert keys == ["building_around", "building"]

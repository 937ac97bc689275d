# ruff: noqa: E501 - drawings are written out as they arrive
"""Names and texts of a drawing that two programs wrote: asked about or right, never garbled unsaid."""

import pytest

from intake.child.dxf_encoding import as_declared, found
from intake.child.text import MIXED
from intake.wire import readable
from tests.unit.intake.cad import drawing, houses, saved

LAYERS = ("房屋建筑", "小区道路", "绿化用地")
TEXTS = ("一号楼", "二号楼", "三号楼", "幼儿园", "社区服务中心")
KINDS = [
    ("R2000", b"ANSI_936"),
    ("R2000", b"ANSI_1252"),
    ("R12", b"ANSI_936"),
    ("R2010", b"ANSI_936"),
]


def mixed(tmp_path, version, page, of_layers, of_texts):
    """Draw names of layers in one encoding and texts in another, whatever the header says."""
    document, space = drawing(version)
    document.encoding = "utf-8" if version == "R2010" else "gb18030"
    for layer in LAYERS:
        houses(space, layer, 2)
    for at, text in enumerate(TEXTS):
        space.add_text(text, dxfattribs={"layer": LAYERS[0], "insert": (604_500 + at, 4_206_000)})
    lines = saved(document, tmp_path / "a.dxf").read_bytes().decode(document.encoding).split("\n")
    coded = [
        line.encode(of_layers if any(name in line for name in LAYERS) else of_texts)
        for line in lines
    ]
    raw = b"\n".join(coded)
    for other in (b"ANSI_1252", b"ANSI_936"):
        raw = raw.replace(other, page)
    (tmp_path / "a.dxf").write_bytes(raw)
    return tmp_path / "a.dxf"


@pytest.mark.parametrize(("version", "page"), KINDS)
@pytest.mark.parametrize(
    ("of_layers", "of_texts"),
    [("gb18030", "utf-8"), ("utf-8", "gb18030"), ("gb18030", "gb18030"), ("utf-8", "utf-8")],
)
def test_names_of_layers_and_texts_are_read_each_in_its_encoding(
    tmp_path, read, version, page, of_layers, of_texts
):
    tables = read(mixed(tmp_path, version, page, of_layers, of_texts)).tables
    assert {table.name.partition(" · ")[0] for table in tables} == set(LAYERS)
    texts = {cell for table in tables for field in table.fields for cell in field.cells}
    assert set(TEXTS) <= texts
    notes = {note.detail for table in tables for note in table.notes if note.rule == "dxf.encoding"}
    assert (MIXED in notes) is (of_layers != of_texts)


@pytest.mark.parametrize("count", [1, 9])
def test_one_name_in_another_encoding_among_many_texts_is_read(tmp_path, read, count):
    path = mixed(tmp_path, "R2000", b"ANSI_936", "utf-8", "gb18030")
    raw = path.read_bytes()
    for layer in LAYERS[1:]:
        raw = raw.replace(layer.encode(), b"ROAD")
    texts = b"".join(
        b"0\nTEXT\n8\nROAD\n1\n%s\n" % f"{n}号楼{n}".encode("gb18030") for n in range(count)
    )
    raw = raw.replace(b"ENTITIES\n", b"ENTITIES\n" + texts, 1)
    path.write_bytes(raw)
    assert LAYERS[0] in {table.name.partition(" · ")[0] for table in read(path).tables}


@pytest.mark.parametrize(
    "lines",
    [
        ["房屋", "Φ200", "12㎡", "0°"],  # signs that are two bytes in UTF-8, and everyday in GBK
        ["绿地", "¥35", "±0.00"],
    ],
)
def test_a_drawing_in_utf8_with_signs_is_in_one_encoding(lines):
    assert found("\n".join(lines).encode()) == ("utf-8",)


def test_a_drawing_of_umlauts_stays_as_it_is():
    raw = b"$ACADVER\n1\nAC1015\n$DWGCODEPAGE\n3\nANSI_1252\n" + "Stra\u00dfe\nGeb\u00e4ude".encode(
        "cp1252"
    )
    assert as_declared(raw) == (raw, ())


def test_a_layer_whose_name_reads_in_two_encodings_is_asked_about_without_any_text(
    tmp_path, read, draft
):
    document, space = drawing("R2000")
    document.encoding = "gb18030"
    houses(space, "花湖", 2)
    for text in list(space.query("TEXT")):
        space.delete_entity(text)
    path = saved(document, tmp_path / "a.dxf")
    path.write_bytes(path.read_bytes().replace(b"ANSI_936", b"ANSI_1252"))
    (table,) = read(path).tables
    step = draft(table, "buildings").proposal("encoding")
    assert not step.is_settled
    assert {"gb18030", "big5"} <= {one.value for one in step.candidates}
    chosen = draft(table, "buildings").choose("encoding", "big5")
    assert set(chosen.columns["layer"]) == {"花湖".encode("gb18030").decode("big5")}


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("房屋".encode("gb18030"), "房屋"),
        ("朱镕基路".encode("gb18030"), "朱镕基路"),
        (b"Stra\xdfe", r"Stra\xdfe"),
    ],
)
def test_a_name_that_no_encoding_explains_is_written_as_it_is(raw, name):
    assert readable(raw.decode("ascii", "surrogateescape")) == name

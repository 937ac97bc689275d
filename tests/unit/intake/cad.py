"""Drawings of the kinds that offices have: CASS layers, Chinese names, blocks with attributes."""

from collections.abc import Sequence
from pathlib import Path

import ezdxf
import numpy as np
from ezdxf.document import Drawing
from ezdxf.layouts import Modelspace

from tests.unit.intake.delivery import Estate, estates

X, Y = 604_500.0, 4_206_000.0


def drawing(version: str = "R2010") -> tuple[Drawing, Modelspace]:
    """Return an empty drawing and its model space."""
    document = ezdxf.new(version)
    return document, document.modelspace()


def ring(space: Modelspace, corners: Sequence[Sequence[float]], layer: str) -> None:
    """Draw a closed outline, in R12 as the older kind of polyline."""
    is_old = space.doc.dxfversion == "AC1009"
    draw = space.add_polyline2d if is_old else space.add_lwpolyline
    draw(corners, dxfattribs={"layer": layer}, close=True)


def outlines(space: Modelspace, layer: str, rows: Sequence[Estate] | None = None) -> None:
    """Draw the outlines of estates, or of whatever the layer is of."""
    for row in estates() if rows is None else rows:
        corners = np.asarray(row.outline.exterior.coords)[:-1, :2].tolist()
        ring(space, corners, layer)


def houses(space: Modelspace, layer: str, count: int = 6) -> None:
    """Draw houses of 12 by 30 m, each with what surveyors note in it: 砖 and its storeys."""
    for i in range(count):
        x = X + 20 * i
        corners = [(x, Y + 5), (x + 12, Y + 5), (x + 12, Y + 35), (x, Y + 35)]
        ring(space, corners, layer)
        space.add_text(f"砖{i % 3 + 3}", dxfattribs={"layer": layer, "insert": (x + 6, Y + 20)})


def manholes(document: Drawing, layer: str, count: int = 24) -> None:
    """Put manholes: blocks that are a circle."""
    block = document.blocks.new("检查井")
    block.add_circle((0, 0), 0.35)
    for i in range(count):
        place = (X + 7 * i, Y + 40)
        document.modelspace().add_blockref("检查井", place, dxfattribs={"layer": layer})


def saved(document: Drawing, path: Path) -> Path:
    """Save a drawing; return its path."""
    document.saveas(path)
    return path

# ruff: noqa: D102, SLF001 - the methods are the canvas's own; caches are emptied between turns
"""
The canvas beside fpdf2: one drawing, recorded from the sheets and played to both.

Both draw the same paths, circles, texts, clips and layers of the booklet's pipe-and-green sheets
and end with pikepdf, which georeferences them. fpdf2 is spared the hatches (it clips to rectangles
only). It is no dependency of the project: ``pip install --target DIR fpdf2``, then
``PYTHONPATH=.:DIR python -m benchmarks.bench_canvas [--rounds 7]``.
"""

import argparse
import dataclasses
import io
import statistics
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import fpdf
import numpy as np
import pikepdf
import shapely
from fpdf.enums import TextMode

import demo
from atlas import canvas as canvas_module
from atlas import text
from atlas.canvas import Box, Canvas, Page
from atlas.compose import binding_of
from atlas.ink import Ink, TextStyle
from atlas.outline import plan_pages
from atlas.pdf import _georeference, bind
from atlas.sheet import MEASURING, AtlasContext, PagePlan
from atlas.text import FOLDER, Fonts, open_face
from benchmarks.bench_atlas import context

Call = tuple[str, tuple[object, ...], dict[str, object]]
_FILES = {
    "sans": "NotoSansSC-Regular.ttf",
    "bold": "NotoSansSC-Bold.ttf",
    "serif": "NotoSerifSC-Bold.ttf",
}


class Recorder(Canvas):
    """A canvas that keeps what it is asked to draw."""

    calls: list[Call]

    def draw_path(self, path: str, ink: Ink, shapes: np.ndarray) -> None:
        del path
        self.calls.append(("draw", (shapes, Ink(ink.stroke, ink.fill, ink.width, ink.dash)), {}))

    def box(self, box: Box, ink: Ink) -> None:
        plain = Ink(ink.stroke, ink.fill, ink.width, ink.dash)
        self.calls.append(("box", (box, plain), {}))

    def line(self, points: object, ink: Ink) -> None:
        self.calls.append(("line", (points, ink), {}))

    def polygon(self, points: object, ink: Ink) -> None:
        self.calls.append(("polygon", (points, ink), {}))

    def circles(self, centres: np.ndarray, radii: np.ndarray, ink: Ink) -> None:
        self.calls.append(("circles", (centres, radii, ink), {}))

    def text(self, x: float, y: float, text: str, style: TextStyle, **how: object) -> float:
        self.calls.append(("text", (x, y, text, style), how))
        return self.fonts.width(text, style.face, style.size)

    @contextmanager
    def layer(self, *path: str) -> Iterator[None]:
        self.calls.append(("layer", path, {}))
        yield
        self.calls.append(("end", (), {}))

    @contextmanager
    def clip(self, box: Box) -> Iterator[None]:
        self.calls.append(("clip", (box,), {}))
        yield
        self.calls.append(("end", (), {}))

    @contextmanager
    def turned(self, x: float, y: float, degrees: float, alpha: float = 1.0) -> Iterator[None]:
        self.calls.append(("turned", (x, y, degrees, alpha), {}))
        yield
        self.calls.append(("end", (), {}))


class Fpdf2:
    """The canvas's calls in fpdf2's words."""

    def __init__(self, stuff: AtlasContext) -> None:
        self.fonts = stuff.fonts
        self.pdf = fpdf.FPDF(unit="mm", format=(297, 420), orientation="L")
        self.pdf.set_auto_page_break(auto=False)
        self.origin = (0.0, 0.0)  # fpdf2 turns about a point, the canvas moves its origin there
        for face, name in _FILES.items():
            self.pdf.add_font(face, fname=str(FOLDER / name))

    def _state(self, ink: Ink) -> str:
        if ink.stroke is not None:
            self.pdf.set_draw_color(*ink.stroke)
            self.pdf.set_line_width(ink.width)
            on, off = (*ink.dash, 0, 0)[:2]
            self.pdf.set_dash_pattern(dash=on, gap=off)
        if ink.fill is not None:
            self.pdf.set_fill_color(*ink.fill)
        return ("D" if ink.stroke else "") + ("F" if ink.fill else "") or "D"

    def draw(self, shapes: np.ndarray, ink: Ink) -> None:
        style = self._state(ink)
        for part in shapely.get_parts(shapes[~shapely.is_empty(shapes)]):
            closed = part.geom_type == "Polygon"
            for ring in shapely.get_rings(part) if closed else (part,):
                points = shapely.get_coordinates(ring).tolist()
                if closed:
                    self.pdf.polygon(points[:-1], style=style)
                elif len(points) > 1:
                    self.pdf.polyline(points, style=style)

    def box(self, box: Box, ink: Ink) -> None:
        x, y = self.origin
        self.pdf.rect(x + box.x, y + box.y, box.w, box.h, style=self._state(ink))

    def line(self, points: list, ink: Ink) -> None:
        self.pdf.polyline(points, style=self._state(ink))

    def polygon(self, points: list, ink: Ink) -> None:
        self.pdf.polygon(points, style=self._state(ink))

    def circles(self, centres: np.ndarray, radii: np.ndarray, ink: Ink) -> None:
        style = self._state(ink)
        for (x, y), r in zip(centres.tolist(), radii.tolist(), strict=True):
            self.pdf.ellipse(x - r, y - r, 2 * r, 2 * r, style=style)

    def text(
        self,
        x: float,
        y: float,
        text: str,
        style: TextStyle,
        *,
        align: str = "left",
        halo: float = 0,
    ) -> None:
        width = self.fonts.width(text, style.face, style.size)
        x += self.origin[0] - {"left": 0.0, "centre": width / 2, "right": width}[align]
        y += self.origin[1]
        self.pdf.set_font(style.face, size=style.size)
        if halo:
            with self.pdf.local_context(
                text_mode=TextMode.STROKE, line_width=2 * halo, draw_color=(255, 255, 255)
            ):
                self.pdf.text(x, y, text)
        self.pdf.set_text_color(*style.colour)
        self.pdf.text(x, y, text)

    @contextmanager
    def layer(self, *path: str) -> Iterator[None]:
        with self.pdf.optional_content(label=path[-1]):
            yield

    @contextmanager
    def clip(self, box: Box) -> Iterator[None]:
        with self.pdf.rect_clip(box.x, box.y, box.w, box.h):
            yield

    @contextmanager
    def turned(self, x: float, y: float, degrees: float, alpha: float = 1.0) -> Iterator[None]:
        self.origin = (x, y)
        with (
            self.pdf.rotation(degrees, x, y),
            self.pdf.local_context(fill_opacity=alpha, stroke_opacity=alpha),
        ):
            yield
        self.origin = (0.0, 0.0)


def play(canvas: object, calls: list[Call]) -> None:
    """Draw what was recorded."""
    open_ones: list[ExitStack] = []
    for name, values, named in calls:
        if name == "end":
            open_ones.pop().close()
        elif name in ("layer", "clip", "turned"):
            open_ones.append(ExitStack())
            open_ones[-1].enter_context(getattr(canvas, name)(*values))
        else:
            getattr(canvas, name)(*values, **named)


def record(stuff: AtlasContext, page_plans: list[PagePlan]) -> tuple[list[list[Call]], list[Page]]:
    """Return what each page draws, and the pages (for their frames)."""
    drawn, pages = [], []
    for page_plan in page_plans:
        canvas = Recorder(stuff.layout.width, stuff.layout.height, stuff.fonts)
        canvas.calls = []
        page_plan.draw(canvas, MEASURING)
        drawn.append(canvas.calls)
        pages.append(canvas.page())
    return drawn, pages


def ours(
    stuff: AtlasContext, drawn: list[list[Call]], pages: list[Page], page_plans: list[PagePlan]
) -> bytes:
    """Draw with the canvas, bind with pikepdf."""
    made = []
    for calls, page in zip(drawn, pages, strict=True):
        canvas = Canvas(page.width, page.height, stuff.fonts)
        play(canvas, calls)
        for frame in page.frames:
            canvas.georeference(frame)
        made.append(canvas.page())
    return bind(made, binding_of(stuff, page_plans), stuff.fonts)


def theirs(stuff: AtlasContext, drawn: list[list[Call]], pages: list[Page]) -> bytes:
    """Draw with fpdf2, georeference with pikepdf."""
    canvas = Fpdf2(stuff)
    for calls in drawn:
        canvas.pdf.add_page()
        play(canvas, calls)
    with pikepdf.open(io.BytesIO(bytes(canvas.pdf.output()))) as pdf:
        _georeference(pdf, pages, stuff.district.crs)
        buffer = io.BytesIO()
        pdf.save(buffer, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        return buffer.getvalue()


def forget() -> None:
    """Let each turn start with fonts unopened and no line of text known."""
    for cache in (open_face, text._ems, text._filled, canvas_module._runs):
        cache.cache_clear()


def main(rounds: int) -> None:
    """Let both draw in turn; print medians of CPU and wall seconds and the sizes."""
    stuff = context(demo.district("demo"), sheets=("pipes_green",))
    page_plans = plan_pages(stuff)
    drawn, pages = record(stuff, page_plans)
    print(f"{len(pages)} pages, {sum(map(len, drawn)):,} calls")
    contestants = {
        "canvas + pikepdf": lambda fresh: ours(fresh, drawn, pages, page_plans),
        "fpdf2 + pikepdf": lambda fresh: theirs(fresh, drawn, pages),
    }
    runs: dict[str, list[tuple[float, float, int]]] = {name: [] for name in contestants}
    for _ in range(rounds):
        for name, draw in contestants.items():
            forget()
            fresh = dataclasses.replace(stuff, fonts=Fonts())
            wall, cpu = time.perf_counter(), time.process_time()
            pdf = draw(fresh)
            used = time.process_time() - cpu, time.perf_counter() - wall, len(pdf)
            runs[name].append(used)
    for name, found in runs.items():
        cpu, wall, size = (statistics.median(column) for column in zip(*found, strict=True))
        print(f"{name:18} cpu {cpu:5.2f} s  wall {wall:5.2f} s  {size / 1e6:.2f} MB")


if __name__ == "__main__":
    options = argparse.ArgumentParser()
    options.add_argument("--rounds", type=int, default=7)
    main(options.parse_args().rounds)

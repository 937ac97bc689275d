"""Sections through the pipes of estates: what is drawn, in words and figures."""

from dataclasses import dataclass

import numpy as np

from clearances.verdict import ClearanceVerdict
from layers.style import RGB, layer_styles
from pipework.section import Section, fullest_section
from services.pipes import DistrictPipes
from wording import Text


@dataclass(frozen=True, slots=True)
class CutPipe:
    """
    A pipe as a section shows it.

    Attributes
    ----------
    pipe_id : str
        Its number.
    name : Text
        Kind, sub-kind, pressure and laying.
    material : str
        "" where unknown.
    at_m : float
        From the left end of the section [m].
    radius_m, depth_m : float
        Outer radius, cover above the top [m], NaN unknown.
    colour : RGB
        Of its kind on every sheet.
    gap_m, required_m : float
        From its outer edge to the next pipe's, and what the table asks of the two at most [m]; NaN
        after the last, where a diameter is unknown, or where nothing is asked.
    verdict : str
        On it and the next pipe, "" where it is kept or nothing is asked.
    """

    pipe_id: str
    name: Text
    material: str
    at_m: float
    radius_m: float
    depth_m: float
    colour: RGB
    gap_m: float
    required_m: float
    verdict: str


@dataclass(frozen=True, slots=True, eq=False)
class EstateSection:
    """The fullest section of an estate, `cut` from left to right."""

    estate: str
    section: Section
    cut: tuple[CutPipe, ...]


def estate_sections(found: DistrictPipes) -> list[EstateSection]:
    """
    Return the fullest section of every estate that has pipes, in the order of the layer.

    Parameters
    ----------
    found : DistrictPipes
        What its pipes were held against.
    """
    pieces, district = found.review.pieces, found.assessment.workspace.district
    half_m = found.assessment.workspace.book.pipe_checks.section_m
    asked = _asked(found)
    sections = []
    for place, estate in enumerate(district["estates"]["name"]):
        own = np.flatnonzero((pieces.estate == place) & pieces.is_buried)
        section = fullest_section(pieces, own.tolist(), half_m)
        if len(section):
            sections.append(EstateSection(str(estate), section, _cut(found, section, asked)))
    return sections


def _asked(found: DistrictPipes) -> dict[frozenset[int], tuple[float, str]]:
    """Return what is asked of two pipes beside each other, and the verdict on them."""
    rows = found.review.checks
    own = rows[rows["check"] == "pipe"]
    cells = zip(own["pipe"], own["other"], own["required"], own["verdict"], strict=True)
    return {frozenset((one, other)): (most, str(said)) for one, other, most, said in cells}


def _cut(
    found: DistrictPipes, section: Section, asked: dict[frozenset[int], tuple[float, str]]
) -> tuple[CutPipe, ...]:
    pieces, style = found.review.pieces, layer_styles()["pipelines"]
    themes = style.theme_of_rows(found.pieces.iloc[section.pipe])
    following = [*section.pipe[1:], -1]
    cut = []
    for place, (pipe, other) in enumerate(zip(section.pipe, following, strict=True)):
        most, verdict = asked.get(frozenset((int(pipe), int(other))), (np.nan, ""))
        material = pieces.table["material"].iloc[pipe]
        gap = np.nan
        if other >= 0:
            radii = pieces.radius_m[pipe] + pieces.radius_m[other]
            gap = max(float(section.at_m[place + 1] - section.at_m[place] - radii), 0.0)
        cut.append(
            CutPipe(
                str(pieces.table["pipe_id"].iloc[pipe]),
                pieces.names[pieces.class_of[pipe]],
                material if isinstance(material, str) else "",
                float(section.at_m[place]),
                float(pieces.radius_m[pipe]),
                float(pieces.depth_m[pipe]),
                style.themes[themes[place]].ink.stroke or (0, 0, 0),
                gap,
                float(most),
                "" if verdict == ClearanceVerdict.MET else verdict,
            )
        )
    return tuple(cut)

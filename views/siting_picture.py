"""A picture of a siting: estates by whether they are covered, the sites chosen, and the walks."""

from collections.abc import Iterator

import numpy as np

from rules.grouping import counted
from services.siting import DistrictSiting
from views.svg import PictureWindow, label, path, picture, round_length, scale_bar

_MARGIN_M, _FLAT = 150.0, 0.75
_MOST_NAMES, _NAMED_SCALE = 40, 0.5  # estates; pixels a metre
_TEXT_PX = 15
_COVERED, _PARTLY, _UNCOVERED = "#d5e8d4", "#fbe5c0", "#f6d0cb"
_MOST_CANDIDATES = 2_000


def siting_picture(found: DistrictSiting, key: str = "") -> str:
    """
    Return the SVG of a siting in the district's working CRS, north up.

    Parameters
    ----------
    found : DistrictSiting
        The answer.
    key : str, default ""
        Of the chosen site that is looked at; the whole district by default.
    """
    view = _around(found, key) if key else _whole(found)
    parts = [
        *_ground(view, found),
        *_estates(view, found),
        *_walks(view, found),
        *_sites(view, found),
        *_names(view, found),
        *scale_bar(view, round_length(view, 1 / 4)),
    ]
    return picture(view, parts, _TEXT_PX)


def _around(found: DistrictSiting, key: str) -> PictureWindow:
    """Return the window of the walks that are near enough to a site."""
    place = found.sites[found.sites["candidate_id"] == key].geometry.iloc[0]
    west, south, east, north = place.bounds
    reach = found.standard.limit_m + _MARGIN_M
    return PictureWindow(west - reach, south - _FLAT * reach, east + reach, north + _FLAT * reach)


def _whole(found: DistrictSiting) -> PictureWindow:
    """Return the window around the estates and the sites chosen."""
    estates = found.assessment.workspace.district["estates"]
    boxes = [frame.total_bounds for frame in (estates, found.chosen) if len(frame)]
    bounds = np.array(boxes)
    west, south = (bounds[:, :2].min(axis=0) - _MARGIN_M).tolist()
    east, north = (bounds[:, 2:].max(axis=0) + _MARGIN_M).tolist()
    return PictureWindow(west, south, east, north)


def _ground(view: PictureWindow, found: DistrictSiting) -> Iterator[str]:
    """Draw the walkways."""
    for shape in view.see(found.assessment.workspace.district["walkways"]).geometry:
        yield f'<path d="{path(view, shape)}" fill="none" stroke="#dfe3e8" stroke-width="1.2"/>'


def _estates(view: PictureWindow, found: DistrictSiting) -> Iterator[str]:
    """Draw the estates: covered, in part, or not; doors cut off from the walkways apart."""
    estates = found.assessment.workspace.district["estates"]
    doors = counted(found.assessment.evaluation.context.doors.estate, len(estates))
    left = estates["estate_id"].map(found.left.groupby("estate_id")["doors"].sum()).fillna(0)
    fills = np.select([left == 0, left < doors], [_COVERED, _PARTLY], _UNCOVERED)
    seen = view.see(estates.assign(fill=fills))
    for shape, fill in zip(seen.geometry, seen["fill"], strict=True):
        yield f'<path d="{path(view, shape)}" fill="{fill}" stroke="#6d7785"/>'


def _names(view: PictureWindow, found: DistrictSiting) -> Iterator[str]:
    """Write the names of the estates where there is room for them."""
    seen = view.see(found.assessment.workspace.district["estates"])
    if len(seen) > _MOST_NAMES or view.scale < _NAMED_SCALE:
        return
    for name, box in zip(seen["name"], seen.geometry.bounds.to_numpy(), strict=True):
        x, y = view.at(box[0], box[3])
        yield label(x, y - 4, name, "#333a44")


def _walks(view: PictureWindow, found: DistrictSiting) -> Iterator[str]:
    """Draw the longest walk of each estate to each site."""
    for shape in view.see(found.served).geometry:
        yield f'<path d="{path(view, shape)}" fill="none" stroke="#0b5cad" stroke-width="2"/>'


def _sites(view: PictureWindow, found: DistrictSiting) -> Iterator[str]:
    """Draw the candidates as dots, and the chosen ones with their key."""
    others = view.see(found.sites[~found.sites["is_chosen"]]).head(_MOST_CANDIDATES)
    for place in zip(others.geometry.x, others.geometry.y, strict=True):
        x, y = view.at(*place)
        yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2" fill="#b5793a" fill-opacity="0.6"/>'
    chosen = found.chosen
    for key, east, north in zip(
        chosen["candidate_id"], chosen.geometry.x, chosen.geometry.y, strict=True
    ):
        x, y = view.at(east, north)
        yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="8" fill="#0b5cad" stroke="#ffffff"/>'
        yield label(x + 10, y + 5, key, "#0b3d75")

"""The photos of the site visits as one archive, each named by estate, site, planting and day."""

import re
from collections.abc import Sequence
from pathlib import Path

from exports.archive import zipped
from greening.review import Review
from greening.workflow import FATES, Event, Kind

_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]+')
_PHOTO = re.compile(r"[0-9a-f]{64}\.(?:jpg|png)")
_LONGEST = 40


def photo_archive(review: Review, events: Sequence[Event], folder: Path) -> bytes:
    """
    Return the photos of a record as the bytes of a .zip.

    Parameters
    ----------
    review : Review
        For the names of estates and plantings.
    events : sequence of Event
        The record.
    folder : pathlib.Path
        Where the photos are kept; one that is missing there is left out.

    Returns
    -------
    bytes
        An archive with a name such as ``裕民小区/GS0001/12_2023-09-01_死亡_7.jpg`` for each photo.
    """
    estates = review.survival.set_index("site_id")["estate"].to_dict()
    numbers = review.district["plantings"].set_index("planting_id")["number"].to_dict()
    files: dict[str, bytes] = {}
    for event in events:
        draft, name = event.draft, str(event.draft.payload.get("photo", ""))
        if draft.kind is not Kind.COUNT or not _PHOTO.fullmatch(name):
            continue
        if not (folder / name).is_file():
            continue
        planting = str(draft.payload["planting_id"])
        day, fate = draft.at.partition("T")[0], FATES[draft.payload["fate"]].zh
        folders = (estates.get(draft.site_id), draft.site_id)
        leaf = f"{_safe(numbers.get(planting, planting))}_{day}_{fate}_{event.seq}"
        target = "/".join([*map(_safe, folders), leaf]) + Path(name).suffix
        files[target] = (folder / name).read_bytes()
    return zipped(files)


def _safe(part: object) -> str:
    """Return a part of a path that every system takes, whatever the data call it."""
    text = _FORBIDDEN.sub("_", str(part or "—")).strip(" .")[:_LONGEST]
    return text or "_"

"""
Memory: how the headings of a source were mapped last time, kept beside the district.

A source is known by its layer and its set of headings, so next year's sheet of the same office is
mapped at once. Only headings and column names are kept, never a value, never a coordinate.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from geo.errors import StoreError

FILE_NAME = "intake.json"


def fingerprint(layer: str, headings: Iterable[str]) -> str:
    """Return the name under which a source is remembered."""
    text = "\x1f".join([layer, *sorted(headings)])
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def recall(folder: Path, layer: str, headings: Iterable[str]) -> dict[str, str]:
    """Return column to heading as accepted last time, empty if this source is new."""
    found = _load(folder).get(fingerprint(layer, headings), {})
    return {str(column): str(heading) for column, heading in found.items()}


def remember(folder: Path, layer: str, headings: Iterable[str], mapping: Mapping[str, str]) -> None:
    """
    Keep a mapping for next time.

    Raises
    ------
    StoreError
        If the folder cannot be written to.
    """
    kept = {**_load(folder), fingerprint(layer, headings): dict(mapping)}
    text = json.dumps(kept, ensure_ascii=False, indent=1, sort_keys=True)
    scratch = folder / f".{FILE_NAME}.tmp"
    try:
        scratch.write_text(text, "utf-8")
        scratch.replace(folder / FILE_NAME)
    except OSError as error:
        raise StoreError(
            f"{folder / FILE_NAME}: cannot be written ({error.strerror})",
            f"{folder / FILE_NAME}：无法写入（{error.strerror}）",
        ) from error


def _load(folder: Path) -> dict[str, dict[str, str]]:
    """Return everything remembered; a damaged file is forgotten, for it only saves work."""
    try:
        found = json.loads((folder / FILE_NAME).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    if not isinstance(found, dict):
        return {}
    return {name: value for name, value in found.items() if isinstance(value, dict)}

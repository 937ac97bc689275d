"""Packaged data files: the plan's facts, schematic boundaries, example cities."""

from importlib.resources import files


def read_text(path: str) -> str:
    """
    Return a packaged file of this package as text.

    Parameters
    ----------
    path : str
        Below this package, with forward slashes: ``"plans/litong-2023.toml"``.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    """
    return files("data").joinpath(*path.split("/")).read_text(encoding="utf-8")

"""Packaged data files: the plan's facts, schematic boundaries, cities, the demonstration."""

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
    return read_bytes(path).decode("utf-8")


def read_bytes(path: str) -> bytes:
    """Return a packaged file of this package as it is; see `read_text`."""
    return files("data").joinpath(*path.split("/")).read_bytes()

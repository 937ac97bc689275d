"""Titles of sheets."""

from wording import Language, say


def titled(name: str, sheet: str, language: Language) -> str:
    """Return the title of the sheet of kind `sheet` about `name`."""
    return name + ("" if language == "zh" else " · ") + say(f"sheet_kind.{sheet}", language)

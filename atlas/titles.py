"""Titles of sheets."""

from wording import Language, say


def titled(name: str, sheet: str, language: Language) -> str:
    """Return the title of the sheet of kind `sheet` about `name`."""
    return say("sheet.titled", language, name=name, title=say(f"sheet_kind.{sheet}", language))

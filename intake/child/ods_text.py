"""
Text of OpenDocument cells: what people read in them, and what is struck out or raised.

Comments, footnotes, reading aids above the characters and drawings are no text of a cell.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from intake.letters import raised

OFFICE, TABLE, TEXT, STYLE, _DRAW = (
    f"{{urn:oasis:names:tc:opendocument:xmlns:{name}:1.0}}"
    for name in ("office", "table", "text", "style", "drawing")
)
_BESIDE = (f"{OFFICE}annotation", f"{OFFICE}annotation-end", f"{TEXT}ruby-text", f"{TEXT}note")
_BLANKS = re.compile(r"[ \t\r\n]+")
_MOST_BLANKS = 100  # that one sign of a text stands for
_LINES = (f"{STYLE}text-line-through-type", f"{STYLE}text-line-through-style")
_SUPER = re.compile(r"^(super|[1-9])")


@dataclass(slots=True)
class Styles:
    """
    Names of the styles that matter.

    Attributes
    ----------
    hidden : set of str
        Of sheets that nobody sees.
    struck : dict of str to bool
        Whether text is struck out, where a style says so itself.
    parents : dict of str to str
        The style that each takes over what it does not say itself.
    has_struck : bool
        Whether any text is struck out.
    raised : set of str
        Of text that stands above the line, as the 2 of m².
    """

    hidden: set[str] = field(default_factory=set)
    struck: dict[str, bool] = field(default_factory=dict)
    parents: dict[str, str] = field(default_factory=dict)
    has_struck: bool = False
    raised: set[str] = field(default_factory=set)

    def add(self, style: Element) -> None:
        """Take an element that may be a style."""
        if style.tag != f"{STYLE}style":
            return
        name = str(style.get(f"{STYLE}name"))
        if _says(style, "table", f"{TABLE}display", "^false$"):
            self.hidden.add(name)
        self.parents[name] = str(style.get(f"{STYLE}parent-style-name", ""))
        for line in _LINES:
            if _says(style, "text", line, ""):
                self.struck[name] = _says(style, "text", line, "^(?!none$)")
                self.has_struck |= self.struck[name]
        if _says(style, "text", f"{STYLE}text-position", _SUPER.pattern):
            self.raised.add(name)

    def is_struck(self, name: str | None) -> bool:
        """Return whether text of a style is struck out, by itself or as the style it is made of."""
        seen: set[str] = set()
        while name and name not in seen:
            if name in self.struck:
                return self.struck[name]
            seen.add(name)
            name = self.parents.get(name)
        return False


def _says(style: Element, kind: str, attribute: str, wanted: str) -> bool:
    """Return whether a property of a style is stated and as wanted."""
    stated = (one.get(attribute) for one in style.findall(f"{STYLE}{kind}-properties"))
    return any(value is not None and re.match(wanted, value) for value in stated)


def written(paragraph: Element, styles: Styles) -> str:
    """Return the text of a paragraph, its spaces and breaks included."""
    return "".join(_pieces(paragraph, styles)).strip()


def is_struck(cell: Element, style: str, styles: Styles) -> bool:
    """Return whether a cell of a style, or some of its text, is struck out."""
    if not styles.has_struck:
        return False
    texts = (one for part in cell if part.tag == f"{TEXT}p" for one in part.iter(f"{TEXT}span"))
    return styles.is_struck(style) or any(
        styles.is_struck(one.get(f"{TEXT}style-name")) for one in texts
    )


def _pieces(element: Element, styles: Styles) -> Iterator[str]:
    """Yield text piece by piece; blanks of the file itself are one each, as in every reader."""
    yield _BLANKS.sub(" ", element.text or "")
    for one in element:
        if one.tag == f"{TEXT}s":
            count = one.get(f"{TEXT}c", "1")
            yield " " * min(int(count) if count.isdecimal() else 1, _MOST_BLANKS)
        elif one.tag == f"{TEXT}tab":
            yield "\t"
        elif one.tag == f"{TEXT}line-break":
            yield "\n"
        elif one.tag not in _BESIDE and not one.tag.startswith(_DRAW):
            text = "".join(_pieces(one, styles))
            yield raised(text) if one.get(f"{TEXT}style-name") in styles.raised else text
        yield _BLANKS.sub(" ", one.tail or "")

"""What the program says: every text in Chinese and English, and the one way to say it."""

from wording.catalogue import say, say_parts, text
from wording.names import numbered
from wording.text import LANGUAGES, Language, Text, in_language, listing

__all__ = [
    "LANGUAGES",
    "Language",
    "Text",
    "in_language",
    "listing",
    "numbered",
    "say",
    "say_parts",
    "text",
]

"""Text escaped for Markdown."""

import re

_PUNCTUATION = re.compile(r"([!\"#$%&'()*+,./;<=>?@\[\\\]^_`{|}~:-])")
_MARKS = re.compile(r"(?i)(:(?=[\w/+-])|@|[<>=~-](?=[<>=~-])|www(?=\.))")
_WORD_JOINER = (
    "\u2060"  # no width; keeps emoji codes, arrows and bare addresses from being recognised
)


def escaped(value: object) -> str:
    """
    Return `value` as Markdown that shows exactly its characters and nothing more.

    Data reaches `st.markdown`, labels and options only through here: links, pictures, formulas,
    directives, emoji codes and HTML all stay letters.
    """
    text = re.sub(r"\s+", " ", str(value))
    return _PUNCTUATION.sub(r"\\\1", _MARKS.sub(rf"\1{_WORD_JOINER}", text))

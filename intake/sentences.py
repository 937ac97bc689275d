"""What a rule id of intake means to a person, with what was found."""

from wording import Text, text


def explained(rule: str, detail: str = "") -> Text:
    """
    Return the text of a rule, with what was found put behind it.

    Raises
    ------
    KeyError
        If there is no such rule: an id without a text is a fault of the program.
    """
    known = text(rule)
    return text("common.with_detail", text=known, detail=detail) if detail else known

"""JSON of a whole file, or the sentence that says why it is none."""

import json
from typing import Any

from intake.child.member import Member
from intake.child.refused import Refused
from intake.child.text import decode


def load(member: Member, encoding: str) -> tuple[dict[str, Any], str]:
    """
    Return the object a file holds, and the encoding it was in.

    Parameters
    ----------
    member : Member
        The file.
    encoding : str
        The encoding a person chose, "" if none.

    Raises
    ------
    Refused
        If the file is no JSON, is nested too deeply, or is not one object.
    """
    text, codec = decode(member.path.read_bytes(), encoding)
    try:
        whole = json.loads(text.lstrip("\ufeff"))
    except RecursionError as error:
        raise Refused("json.deep") from error
    except ValueError as error:
        raise Refused("json.broken", str(error)) from error
    if not isinstance(whole, dict):
        raise Refused("refused.json", type(whole).__name__)
    return whole, codec

"""Places of the server, kept out of what visitors read: folders and addresses of databases."""

import os
import re
from pathlib import Path
from urllib.parse import urlsplit

from store import STORE_VARIABLE

DISTRICT_VARIABLE = "LITONG_DISTRICT"
"""Names the folder of the district that this server shows."""

_DATABASE = re.compile(r"postgresql[\w+]*://.+?(?=：|: |\s|$)")


def without_places(sentence: str) -> str:
    """Return a sentence without the path of the district's folder and the address of its store."""
    folder = os.environ.get(DISTRICT_VARIABLE, "").rstrip("/\\")
    if folder:
        # As it is written, as it is found from here, and without links; the longest first.
        spelled = {folder, str(Path(folder).absolute()), str(Path(folder).resolve())}
        for one in sorted(spelled, key=len, reverse=True):
            sentence = sentence.replace(f"{one}{os.sep}", "").replace(one, "…")
    sentence = _DATABASE.sub("…", sentence)
    host = urlsplit(os.environ.get(STORE_VARIABLE, "")).hostname
    return sentence.replace(host, "…") if host else sentence

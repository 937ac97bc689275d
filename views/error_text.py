"""What a page says of an error: its sentence, without folders and addresses of the server."""

import os
import re
from pathlib import Path
from urllib.parse import urlsplit

from geo.errors import PlanningError
from wording import Language

DISTRICT_VARIABLE = "LITONG_DISTRICT"
"""Names the folder of the district that this server shows."""

_DATABASE = re.compile(r"postgresql[\w+]*://.+?(?=：|: |\s|$)")


def told(error: PlanningError, language: Language) -> str:
    """Return the sentence of an error as every page shows it."""
    return without_places(error.sentence(language))


def without_places(sentence: str) -> str:
    """Return a sentence without the path of the district's folder and the address of its store."""
    folder = os.environ.get(DISTRICT_VARIABLE, "").rstrip("/\\")
    if folder:
        # As it is written, as it is found from here, and without links; the longest first.
        spelled = {folder, str(Path(folder).absolute()), str(Path(folder).resolve())}
        for one in sorted(spelled, key=len, reverse=True):
            sentence = sentence.replace(f"{one}{os.sep}", "").replace(one, "…")
    for address in _DATABASE.findall(sentence):
        sentence = sentence.replace(address, "…")
        host = urlsplit(address).hostname
        sentence = sentence.replace(host, "…") if host else sentence
    return sentence

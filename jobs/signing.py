"""Who acts at the command line, and when."""

import getpass
from datetime import datetime

from store import Signature


def signature(by: str = "", why: str = "") -> Signature:
    """Return the signature of a command: the name given, or the login name, and the time now."""
    now = datetime.now().astimezone().isoformat(timespec="seconds")
    return Signature(by or getpass.getuser(), now, why)

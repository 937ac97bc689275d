"""Who acts at the command line, and when."""

import getpass
from datetime import datetime

from store import Known, Signature


def signature(by: str = "", why: str = "") -> Signature:
    """Return the signature of a command: the name given, or the login name, and the time now."""
    now, login = datetime.now().astimezone().isoformat(timespec="seconds"), getpass.getuser()
    return Signature(by or login, now, why, account=login, known=Known.COMMAND)

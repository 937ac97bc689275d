"""
Under which names a browser may ask: a foreign page must not reach this server by a name of its own.

A page of another site that lets its name point to this server's address ("DNS rebinding") would be
of the same origin as our pages. Its name is in the Host header; addresses cannot be taken over.
"""

import re
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

_HOST = re.compile(r"(?:\[(?P<v6>[0-9a-f:.]+)\]|(?P<name>[a-z0-9_.-]+?)\.?)(?::[0-9]{1,5})?")


def host_name(host: str) -> str | None:
    """Return the name or address in a Host header, in lower case; None if it is malformed."""
    found = _HOST.fullmatch(host.lower())
    return (found["v6"] or found["name"]) if found else None


def is_same_origin(origin: str, host: str) -> bool:
    """Return whether the page of `origin` came from the server that `host` names, port included."""
    try:
        parts = urlsplit(origin.lower())
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and parts.netloc == host.lower()


@dataclass(frozen=True, slots=True)
class AllowedHosts:
    """
    The names that this server answers to.

    Attributes
    ----------
    names : frozenset of str
        Host names in lower case, besides ``localhost`` and every address.
    """

    names: frozenset[str]

    @classmethod
    def of(cls, *names: str) -> "AllowedHosts":
        """Return the hosts of `names`, in any case."""
        return cls(frozenset(name.lower().rstrip(".") for name in names))

    def allow(self, host: str) -> bool:
        """Return whether a request whose Host header is `host` may be answered."""
        name = host_name(host)
        return name is not None and (name == "localhost" or name in self.names or _is_address(name))


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True

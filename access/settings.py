"""How a server knows people: the file that `litong serve --access FILE` and `litong user` read."""

import tomllib
from datetime import timedelta
from ipaddress import IPv4Network, IPv6Network, ip_address
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from geo.errors import DataError
from store.journal_entry import Known


class ProxySettings(BaseModel):
    """
    A reverse proxy whose headers are believed; from any other address they count for nothing.

    Attributes
    ----------
    peers : tuple of ip networks
        Its addresses. The last address in X-Forwarded-For is then whoever asks.
    header : str
        Name of the header that holds the name of an account; "" where the proxy signs nobody in.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    header: str = Field("", pattern=r"^([A-Za-z][A-Za-z0-9-]*)?$")
    peers: tuple[IPv4Network | IPv6Network, ...] = Field(min_length=1)

    def trusts(self, address: str) -> bool:
        """Return whether headers are believed from an address."""
        try:
            peer = ip_address(address)
        except ValueError:
            return False
        return any(peer in network for network in self.peers)


class AccessSettings(BaseModel):
    """
    How people are known, and for how long.

    Attributes
    ----------
    mode : {"local", "proxy"}
        Accounts with a password, or a proxy that says who it is. Without such a file nobody is
        known: everybody acts as the office under a name of their own choice.
    accounts : pathlib.Path
        File of accounts, sessions and the audit trail, outside the district's folder; in the file
        it may be relative to the file itself.
    idle_minutes, absolute_hours : int
        A session ends so long after its last use, and after its beginning.
    secure_cookie : bool
        Whether browsers send the session over HTTPS alone; true behind TLS.
    separate_duties : bool
        Whether administrator, security officer and auditor are three people 三员分立.
    proxy : ProxySettings, optional
        The proxy in front; mode ``"proxy"`` needs one with a header.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    mode: Literal["local", "proxy"] = "local"
    accounts: Path = Path("accounts.sqlite")
    idle_minutes: int = Field(30, ge=1, le=24 * 60)
    absolute_hours: int = Field(10, ge=1, le=24 * 7)
    secure_cookie: bool = False
    separate_duties: bool = False
    proxy: ProxySettings | None = None

    @model_validator(mode="after")
    def _has_its_part(self) -> "AccessSettings":
        has_header = self.proxy is not None and bool(self.proxy.header)
        if (self.mode == "proxy") != has_header:
            raise ValueError('mode = "proxy" and a header in the part [proxy] go together')
        return self

    @property
    def known(self) -> Known:
        """How people are known in this mode."""
        return Known.LOCAL if self.mode == "local" else Known.PROXY

    @property
    def idle(self) -> timedelta:
        """The time after its last use at which a session ends."""
        return timedelta(minutes=self.idle_minutes)

    @property
    def absolute(self) -> timedelta:
        """The time after its beginning at which a session ends."""
        return timedelta(hours=self.absolute_hours)


def read_settings(path: Path) -> AccessSettings:
    """
    Return the settings of a file, its paths absolute.

    Raises
    ------
    DataError
        If it cannot be read, or says something that is not foreseen.
    """
    try:
        found = AccessSettings.model_validate(tomllib.loads(path.read_text("utf-8")))
    except (OSError, UnicodeError, tomllib.TOMLDecodeError, ValidationError) as error:
        raise DataError(
            f"{path}: expected settings of access, found {error}",
            f"{path}：应为访问设置文件，读到 {error}",
        ) from error
    return found.model_copy(update={"accounts": path.resolve().parent / found.accounts})

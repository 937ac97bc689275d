"""How the server is reached: what `litong serve` was told, handed on in the environment."""

from collections.abc import Mapping
from dataclasses import dataclass

_HOST, _PORT = "LITONG_HOST", "LITONG_PORT"
_CACHE_MB = "LITONG_CACHE_MB"
_BASE_PATH, _NAMES = "LITONG_BASE_PATH", "LITONG_ALLOWED_HOSTS"
_LOG = "LITONG_LOG"
_LOCAL, _DEFAULT_PORT, _DEFAULT_CACHE_MB = "127.0.0.1", 8501, 1_000


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """
    Where the server listens and under which names it answers.

    Attributes
    ----------
    host : str
        Address to listen on.
    port : int
        Port to listen on.
    base_path : str
        Path under which everything is, without slashes at its ends, "" for the root.
    names : tuple of str
        Host names under which a browser may ask, beside addresses and this machine's own name.
    cache_mb : int
        Memory for what all sessions share [MB].
    log : str
        File of the log, "" for none.
    """

    host: str = _LOCAL
    port: int = _DEFAULT_PORT
    base_path: str = ""
    names: tuple[str, ...] = ()
    cache_mb: int = _DEFAULT_CACHE_MB
    log: str = ""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "ServerSettings":
        """Return the settings that `to_environment` wrote; what is missing has its default."""
        return cls(
            host=environment.get(_HOST) or _LOCAL,
            port=int(environment.get(_PORT) or _DEFAULT_PORT),
            base_path=environment.get(_BASE_PATH, "").strip("/"),
            names=tuple(environment.get(_NAMES, "").split()),
            cache_mb=int(environment.get(_CACHE_MB) or _DEFAULT_CACHE_MB),
            log=environment.get(_LOG, ""),
        )

    def below(self, path: str) -> str:
        """Return `path`, "" or one that begins with a slash, below the base path."""
        return f"/{self.base_path}{path}" if self.base_path else path

    def to_environment(self) -> dict[str, str]:
        """Return the settings as variables of a process's environment."""
        return {
            _HOST: self.host,
            _PORT: str(self.port),
            _BASE_PATH: self.base_path,
            _NAMES: " ".join(self.names),
            _CACHE_MB: str(self.cache_mb),
            _LOG: self.log,
        }

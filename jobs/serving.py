"""`litong serve`: start the page on a district."""

import os
import runpy
import socket
from pathlib import Path

import jobs
from access.settings import read_settings
from geo.errors import StoreError
from jobs.opening import district_at
from jobs.printing import show
from store.scratch import remove_folders
from views.server.settings import ServerSettings
from views.who import ACCESS_VARIABLE
from wording import Language

_OWN_GROUP = 0o027  # what the server writes is read by its group alone: 0640

ENTRY = Path(jobs.__file__).parent.parent / "app.py"


def serve_district(
    folder: Path, settings: ServerSettings, language: Language, access: Path | None = None
) -> None:
    """
    Serve the district of `folder` until interrupted, to the accounts of `access` alone if given.

    Raises
    ------
    DataError, StoreError
        If the district or the settings of access cannot be read, the port is taken, or the log
        cannot be written.
    """
    remove_folders()
    district = district_at(folder, language)
    _require_free(settings.host, settings.port)
    at = f"http://{settings.host}:{settings.port}{settings.below('/')}"
    show("serve.open", language, name=district.label[language], address=at)
    os.umask(_OWN_GROUP)
    _require_writable(settings.log)
    if access is not None:
        read_settings(access)
        os.environ[ACCESS_VARIABLE] = str(access.resolve())
    os.environ |= {"LITONG_DISTRICT": str(folder.resolve())} | settings.to_environment()
    runpy.run_path(str(ENTRY), run_name="__main__")


def _require_writable(log: str) -> None:
    try:
        if log:
            Path(log).open("a", encoding="utf-8").close()
    except OSError as error:
        raise StoreError(
            f"{log}: the log cannot be written ({error.strerror})",
            f"{log}：运行日志无法写入（{error.strerror}）",
        ) from error


def _require_free(host: str, port: int) -> None:
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as error:
        raise StoreError(
            f"cannot listen on {host}:{port} ({error.strerror}); choose another with --port",
            f"无法监听 {host}:{port}（{error.strerror}）；请用 --port 换一个端口",
        ) from error

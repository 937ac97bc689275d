"""
The Streamlit entry: the page script and our routes, behind one gate.

`litong serve` starts it, and so does `python app.py`; behind another server it is `app:app`.
"""

import os
import socket
from pathlib import Path

from starlette.middleware import Middleware
from streamlit import config
from streamlit.web.server.starlette import App

from views.cache import BUDGET
from views.map import assets
from views.pages import PAGES
from views.server import health
from views.server.gate import Gate
from views.server.guard import Guard
from views.server.hosts import AllowedHosts
from views.server.open_routes import STREAM, open_routes
from views.server.running import run
from views.server.settings import ServerSettings
from views.server.sign_in import SignIn
from views.server.uploads import UploadBudget
from views.who import register

_SCRIPT = Path(__file__).parent / "views" / "start" / "page.py"
_SETTINGS = ServerSettings.from_environment(os.environ)
_BASE = _SETTINGS.below("")
BUDGET.most_bytes = _SETTINGS.cache_mb * 1_000_000
_REGISTER = register()
_GUARD = Guard(_REGISTER) if _REGISTER else None

app = App(
    _SCRIPT,
    routes=(
        *assets.routes(_BASE),
        *health.routes(_BASE),
        *(SignIn(_GUARD, _BASE).routes() if _GUARD else ()),
    ),
    middleware=[
        Middleware(
            Gate,
            hosts=AllowedHosts.of(socket.gethostname(), *_SETTINGS.names),
            routes=open_routes(
                (address for address, _, _ in PAGES), _BASE, has_accounts=_GUARD is not None
            ),
            stream=_SETTINGS.below(STREAM),
            script=str(_SCRIPT),
            uploads=UploadBudget(),
            guard=_GUARD,
            sign_in=f"{_BASE}/login",
        )
    ],
)
# Streamlit finds the settings beside the script once it knows the script, after the first look.
config.get_config_options(
    force_reparse=True, options_from_flags={"server.baseUrlPath": _SETTINGS.base_path}
)

if __name__ == "__main__":
    run(app, _SETTINGS)

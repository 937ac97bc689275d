"""
The Streamlit entry: the page script, our routes and the headers of every answer.

`litong serve` starts it; so do `streamlit run app.py` and `uvicorn app:app`.
"""

import os
from pathlib import Path

from starlette.middleware import Middleware
from streamlit.web.server.starlette import App

from views.map.assets import ROUTES
from views.security import SecurityHeaders

app = App(
    Path(__file__).parent / "views" / "start" / "page.py",
    routes=ROUTES,
    middleware=[Middleware(SecurityHeaders)],
)


def settings() -> dict[str, str | int]:
    """Return address and port from the environment; Streamlit itself reads them only in its CLI."""
    asked: dict[str, str | int] = {}
    if os.environ.get("STREAMLIT_SERVER_ADDRESS"):
        asked["server.address"] = os.environ["STREAMLIT_SERVER_ADDRESS"]
    if os.environ.get("STREAMLIT_SERVER_PORT"):
        asked["server.port"] = int(os.environ["STREAMLIT_SERVER_PORT"])
    return asked


if __name__ == "__main__":
    app.run(config=settings())

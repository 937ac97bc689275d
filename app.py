"""
The Streamlit entry: the page script, our routes and the headers of every answer.

`litong serve` starts it; so do `streamlit run app.py` and `uvicorn app:app`.
"""

from pathlib import Path

from starlette.middleware import Middleware
from streamlit.web.server.starlette import App

from views.map.published import ROUTES
from views.security import SecurityHeaders

app = App(
    Path(__file__).parent / "views" / "start" / "page.py",
    routes=ROUTES,
    middleware=[Middleware(SecurityHeaders)],
)

if __name__ == "__main__":
    app.run()

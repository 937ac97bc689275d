"""
Make docs/screenshot.png: the page itself, on the demonstration district, in Chromium.

    python docs/make_screenshot.py
"""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import suppress
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "docs" / "screenshot.png"
VIEW = ""
SIZE = {"width": 1440, "height": 1010}


def main() -> None:
    """Start the server, photograph the page, stop the server."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    environment = os.environ | {"LITONG_PORT": port, "LITONG_DISTRICT": ""}
    server = subprocess.Popen([sys.executable, "app.py"], cwd=ROOT, env=environment)
    try:
        address = f"http://127.0.0.1:{port}"
        for _ in range(150):
            with suppress(OSError), urllib.request.urlopen(f"{address}/_stcore/health"):
                break
            time.sleep(0.4)
        photograph(f"{address}/{sys.argv[1] if len(sys.argv) > 1 else VIEW}")
    finally:
        server.terminate()
        server.wait(timeout=20)


def photograph(address: str) -> None:
    """Write the picture of a page."""
    chromium = shutil.which("chromium") or "/usr/bin/chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport=SIZE)
        page.goto(address)
        page.locator(".gap-map-root[data-drawn]").wait_for(timeout=120_000)
        page.wait_for_timeout(4000)
        page.screenshot(path=TARGET)
        browser.close()


if __name__ == "__main__":
    main()

"""
The script Streamlit runs for every visitor; the pages are in `views.pages`.

It has a folder to itself because Streamlit puts a script's folder in front of every other module.
"""

from views.pages import run

run()

"""Services: what pages, commands and workers ask for, without Streamlit, clock or environment."""

"""The typefaces of the sheets (Noto Sans SC, Noto Serif SC; SIL Open Font License 1.1)."""

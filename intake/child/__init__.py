"""The half of intake that opens files of unknown origin; it runs only behind `intake.sandbox`."""

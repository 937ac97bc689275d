"""
Clearances 净距: what any subject must keep from any object, measured exactly.

A subject (tree, lift shaft, pipe, lamp) and an object (pipe, wall, carriageway, pole, line) are
features of a class; the rulebook's tables say what is required between two classes. Figures stand
in the rulebook alone.
"""

"""
Pipes 管线: what every pipe is held against: neighbours, buildings, depth, age, where it ends.

Distances are measured exactly between outer edges; what the survey left open makes an answer open,
never met and never missing. None of it counts as a gap.
"""

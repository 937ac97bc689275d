"""The solver: a plain problem in, a plain answer out; it knows no district."""

"""
A second evaluator, written apart from the first, that must come to the same verdicts.

It was written from the rulebook's TOML and from `docs/rulebook.md`, never from the code of `rules`,
and imports nothing of the product: rows are dictionaries, walks are networkx's Dijkstra on a graph
of its own, shapes are shapely's. It is plain and slow. Where the two evaluators differ, the text
decides which of them is mended.
"""

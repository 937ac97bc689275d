"""The `litong` command: thin; parse, call, print."""

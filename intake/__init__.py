"""
Files from outside: read in a locked child process, shown step by step, accepted or quarantined.

::

    sandbox.read(paths) -> Reading        what the files say, nothing interpreted yet
    Draft(table, spec, place)             proposals: encoding, position, CRS, columns, key, repair
    draft.choose(step, value) / undo      every choice is plain data and can be taken back
    draft.accept() -> Receipt             accepted + quarantined = read, always

`intake.child` is the only part that opens a file of unknown origin, and it runs only in a process
of its own (`intake.sandbox`); nothing else in the project imports it.
"""

"""
Files from outside: read in a locked child process, shown step by step, accepted or quarantined.

::

    sandbox.read(paths) -> DeliveryReading    what the files hold, nothing interpreted yet
    ImportDraft(table, spec, place, origin)   proposals: encoding, CRS, columns, key, repair
    draft.choose(step, value) / undo          every choice is plain data and can be taken back
    accept(draft) -> Receipt                  accepted + quarantined = read, always

`intake.child` is the only part that opens a file of unknown origin, and it runs only in a process
of its own (`intake.sandbox`); nothing else in the project imports it.
"""

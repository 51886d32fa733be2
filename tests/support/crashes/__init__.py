"""What a crash leaves of an index: recording what a change does to a disk, stopping it anywhere, and
judging what is found.

`trace` names the operations, `recorder` notes them while they happen and can make any of them fail, `disk`
plays them back and tells how the disk may look after a kill or a power cut, `scenarios` are the changes,
`judge` says whether what is found is what was promised, `mutants` are faults that must be told, and `killing`
does it with real processes.
"""

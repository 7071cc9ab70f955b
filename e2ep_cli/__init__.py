"""The command `e2ep`, which calls DVC; the module of a command is imported when it is called."""

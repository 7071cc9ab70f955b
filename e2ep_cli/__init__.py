"""The command `e2ep`: one file a command group; heavy modules are imported inside the commands that need them."""

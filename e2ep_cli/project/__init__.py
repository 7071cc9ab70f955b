"""The project as the commands meet it: its root, its parameters, and DVC."""

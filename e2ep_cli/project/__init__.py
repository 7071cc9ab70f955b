"""The project as the commands see it: its root, its parameters, and DVC."""

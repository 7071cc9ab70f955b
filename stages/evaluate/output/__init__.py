"""The files of metrics/<dataset>/."""

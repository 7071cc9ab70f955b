"""The files of metrics/<dataset>/: their row types and readers."""

"""Programs that write parts of README and docs from metrics."""

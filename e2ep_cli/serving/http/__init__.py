"""The HTTP interface: application, limits, log and processes."""

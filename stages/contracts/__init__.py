"""What two stages agree on: every file that one writes and another reads has its row type here."""

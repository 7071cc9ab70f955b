"""The data sets one command away: where they come from, how they are fetched and unpacked."""

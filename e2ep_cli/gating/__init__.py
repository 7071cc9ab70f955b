"""The numbers of metrics/ against committed ones: limits, changes, and whether runs are alike."""

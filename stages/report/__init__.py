"""report.html: one self-contained page on a data set's numbers, curves and explained lists."""

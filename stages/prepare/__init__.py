"""prepare: a data set becomes rows, named splits and a data card."""

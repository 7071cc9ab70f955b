"""What every fit shares: its rows, the model interface, selection and refit, candidates, search."""

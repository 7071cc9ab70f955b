"""What all fits share: their rows, the model interface, selection and refit and candidates."""

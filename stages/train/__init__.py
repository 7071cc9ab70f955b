"""train: models are fitted, chosen on valid, refitted on train + valid, and give their top candidates."""

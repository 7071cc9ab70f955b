"""Models are fitted, chosen on valid, refitted on train + valid, and list their top candidates."""

"""What every stage shares: row types, parameters, tables, ids, seeds, errors, log. Imports nothing of ours."""

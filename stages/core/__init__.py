"""What every stage shares: errors, log, parameters, tables, ids, seeds. Imports nothing of ours."""

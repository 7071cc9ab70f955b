"""code: what each stage and variant imports, as hashes, so that DVC re-runs only what an edit touches."""

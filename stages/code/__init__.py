"""code: hashes of what each stage and variant imports; DVC re-runs what an edit touches."""

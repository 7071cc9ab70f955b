"""The servers of language models: which may be asked, what leaves, what they refuse."""

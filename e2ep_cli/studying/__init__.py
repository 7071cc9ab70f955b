"""A study with people: a blind sheet of pairs, its key, the answers, and what they say."""

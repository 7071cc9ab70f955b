"""The paper's graph model, on three kinds of text."""

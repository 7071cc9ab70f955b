"""The pipeline: one package a DVC stage, on top of core, data, metrics and llm."""

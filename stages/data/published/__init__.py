"""The files of published sets in their publishers' forms, converted to ours."""

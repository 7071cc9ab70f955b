"""How much of a public data set a language model can recite.

The method is that of Di Palma, Merra, Sfilio, Anelli, Narducci and Di Noia, "Do LLMs Memorize
Recommendation Datasets? A Preliminary Study on MovieLens-1M", SIGIR 2025, arXiv 2505.10212: a few
lines of the data set's files are shown, then the beginning of another one, to be completed. No
stage of the pipeline; `e2ep memorised` asks.
"""

"""The language-model seam: tasks, chat models, structured answers and the cache. Knows nothing of movies."""

"""The language-model seam: tasks, chat models, typed answers. Knows nothing of movies."""

"""Linear models items × items, in closed form: products, their inverse, weights and what is kept."""

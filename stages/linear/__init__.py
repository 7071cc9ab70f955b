"""Linear models items × items in closed form: products, their inverse, weights, what is kept."""

"""How far scores fall when the ratings that a reason cites are taken out."""

"""Writes a model of Cornac that holds given vectors; run by the Python of Cornac's environment.

    python cornac_model.py vectors.npz FOLDER

vectors.npz: `users` (users, channels) and `items` (items, channels), a user's score of an item
being their product; `user` and `item`, the rows of each rating, which it leaves out of lists.
"""

import sys

import numpy as np


def main(vectors: str, folder: str) -> None:
    """Build the model and save it with its training set; print the folder that Cornac chose."""
    from cornac.data import Dataset
    from cornac.models import MF

    given = np.load(vectors)
    n_items = len(given["items"])
    # Cornac numbers items as they come: each comes once, in order, as a rating of user 0.
    triples = [("0", str(item), 5.0) for item in range(n_items)]
    known = {(0, item) for item in range(n_items)}
    for user, item in zip(given["user"].tolist(), given["item"].tolist(), strict=True):
        if (user, item) not in known:
            triples.append((str(user), str(item), 5.0))
    train = Dataset.from_uir(triples)
    order = np.array([int(user) for user in train.user_ids])
    factors = {"U": given["users"][order], "V": given["items"]}
    biases = {"Bu": np.zeros(len(order)), "Bi": np.zeros(n_items)}
    # It multiplies numbers of 32 bits and nothing else.
    init = {name: array.astype(np.float32) for name, array in (factors | biases).items()}
    model = MF(k=given["users"].shape[1], max_iter=0, trainable=False, init_params=init)
    model.fit(train)
    model.save(folder, save_trainset=True)


if __name__ == "__main__":
    main(*sys.argv[1:])

"""The model behind the sample's ratings. They are simulated: no person gave them.

Every draw comes from one seed and a name. For a user u and a film i, where z(·) scales to mean 0
and deviation 1, and ε, ε′ and bias are standard normal:

    affinity(u,i) = z( Σ_a  w_a · z( taste_a(u) · film_a(i) ) )
                    a: genres, themes, eras, people, mood
    taste_a(u)    = Σ_c membership(u,c) · circle_a(c)  +  .7 · own_a(u)
    quality(i)    = z( acclaim(i) )
    fame(i)       = .6 · quality(i) + .8 · ε(i)
    log seen(u,i) = .6 · fame(i) + 1.6 · affinity(u,i)
                    −∞ unless i came out before u's first year
    rating(u,i)   = 2.85 + .35 · bias(u) + .4 · quality(i) + .7 · affinity(u,i) + .6 · ε′(u,i)
                    rounded to 1 … 5

- The 8 circles of taste make users alike, which a collaborative model can learn. Users' own tastes
  are mostly faint, with a few strong likes that only content can explain: genres, eras and people
  are in a film's metadata, themes in its overview. Its mood shows only in the ratings.
- Themes and acclaim are hidden: they are in catalogue.csv and not in the data set that is written.
- Activity is long-tailed: 12 + a stretched exponential, at most 150, the same for every seed.
- A user's films are drawn without replacement in proportion to seen(u,i): famous films and those
  that suit the user come first.
- Gender, age and occupation are independent of all this. Times: `stages.data.sample.sessions`.
"""

from dataclasses import dataclass

import numpy as np

from stages.core.seeds import generator
from stages.data.sample.catalogue import Film
from stages.data.sample.draws import normal, permutation, race_keys, standardised
from stages.data.sample.people import User, draw_users
from stages.data.sample.sessions import rating_times, shuffled_within, start_times, start_years
from stages.data.sample.taste import affinities

SAMPLE_USERS = 400
SEED = 7
FEWEST, MOST = 12, 150


@dataclass(frozen=True)
class Sample:
    """Users and their ratings: rows of (user_id, movie_id, rating, timestamp), by user and time."""

    users: list[User]
    ratings: np.ndarray


def simulate(films: list[Film], users: int = SAMPLE_USERS, seed: int = SEED) -> Sample:
    """Draw the whole data set."""
    affinity = affinities(films, users, seed)
    quality = standardised(np.array([film.acclaim for film in films], dtype=float))
    starts, counts = start_times(users, seed), activity(users, seed)
    released = np.array([film.year for film in films]) < start_years(starts)[:, None]
    owner, film = _seen(affinity, quality, released, counts, seed)
    rating = _ratings(affinity[owner, film], quality[film], owner, seed)
    order = shuffled_within(counts, seed)
    ids = np.array([f.movie_id for f in films])
    times = rating_times(starts, counts, seed)
    return Sample(
        draw_users(users, seed),
        np.column_stack([owner + 1, ids[film][order], rating[order], times]),
    )


def _ratings(affinity: np.ndarray, quality: np.ndarray, owner: np.ndarray, seed: int) -> np.ndarray:
    bias = normal(generator(seed, "bias"), int(owner[-1]) + 1)[owner]
    noise = normal(generator(seed, "noise"), len(owner))
    score = 2.85 + 0.35 * bias + 0.4 * quality + 0.7 * affinity + 0.6 * noise
    return np.clip(np.floor(score + 0.5), 1, 5).astype(np.int64)


def activity(users: int, seed: int) -> np.ndarray:
    """How many films each user rates; shape (users,)."""
    quantile = (np.arange(users) + 0.5) / users
    counts = np.minimum(FEWEST + 26.0 * (-np.log1p(-quantile)) ** 1.25, MOST).astype(np.int64)
    return counts[permutation(generator(seed, "activity"), users)]


def _seen(
    affinity: np.ndarray, quality: np.ndarray, released: np.ndarray, counts: np.ndarray, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """User rows and film rows of all ratings, users one after another; shapes (ratings,)."""
    fame = 0.6 * quality + 0.8 * normal(generator(seed, "fame"), len(quality))
    log_weights = np.where(released, 0.6 * fame + 1.6 * affinity, -np.inf)
    race = np.argsort(-race_keys(generator(seed, "seen"), log_weights), axis=1, kind="stable")
    chosen = np.arange(race.shape[1]) < counts[:, None]
    return np.nonzero(chosen)[0], race[chosen]

"""The two sides of a study: the lists that either gives a user, with or without reasons."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from e2ep_cli.newcomers.candidates import rank_for_users
from e2ep_cli.newcomers.lists import WholeRanking, filtered_lists
from e2ep_cli.project.places import looked_up
from e2ep_cli.reading.choice import (
    RankingChoice,
    choose_ranking,
    judged_values,
    shown_items,
    usual_split,
)
from e2ep_cli.reading.default_ranking import ShowingStage
from e2ep_cli.reading.explained_list import explanation_of
from e2ep_cli.runs.run import Run
from e2ep_cli.studying.key import StudyShow
from stages.contracts.rankings import Ranking
from stages.contracts.rows import Explanation
from stages.core.errors import InputError
from stages.core.tables import read_jsonl


@dataclass(frozen=True)
class StudyItem:
    """An item of a list, and why it is there."""

    item_id: str
    reason: str = ""


UserList = tuple[StudyItem, ...]
ListOf = Callable[[str], UserList]
"""Gives a user's list; an empty one if there is none."""
ListsOf = Callable[[str], tuple[UserList, UserList]]


@dataclass(frozen=True)
class StudySides:
    """The two rankings, on one split of one run; bare: the second is the first without reasons."""

    first: RankingChoice
    second: RankingChoice
    bare: bool = False

    @property
    def names(self) -> tuple[str, str]:
        """As metrics name them: `e2ep`, `e2ep+scored`."""
        if self.bare:
            return f"{_name(self.first)} with reasons", f"{_name(self.first)} without reasons"
        return _name(self.first), _name(self.second)


def study_sides(
    run: Run, names: tuple[str, str | None], split: str | None, shows: StudyShow
) -> StudySides:
    """Both sides, each named `MODEL` or `MODEL+STRATEGY`; an InputError if one was not made."""
    own, other = names
    bare = shows == "without"
    if bare and other is not None:
        raise InputError(f"--show without compares {own} with itself; name no second ranking")
    if not bare and other is None:
        raise InputError(f"name a second ranking, which {own} is compared with")
    asked = [_parsed(own), _parsed(other or own)]
    if asked[0] == asked[1] and not bare:
        raise InputError(f"both sides are {names[0]}; name two that differ")
    usual = {usual_split(run.params, *one) for one in asked}
    split = split or (usual.pop() if len(usual) == 1 else looked_up(run.params, "splits")[0])
    stage: ShowingStage = "rerank" if shows == "lists" else "explain"
    first, second = (choose_ranking(run, split, *one, stage) for one in asked)
    for choice in (first, second):
        reranked = ("rerank",) if choice.strategy != "none" else ()
        made = ("train", *reranked) if shows == "lists" else ("explain",)
        choice.require_whole(*made, "profile-users", "enrich")
    return StudySides(first, second, bare)


def lists_of(sides: StudySides, shows: StudyShow, k: int) -> ListsOf:
    """Gives both sides' lists of a user, `k` items each; empty where a side has fewer."""
    if shows == "lists":
        first, second = (_plain(choice, k) for choice in (sides.first, sides.second))
        return lambda user: (first(user), second(user))
    if sides.bare:
        return _with_and_without(_explained(sides.first), k)
    first, second = (_explained(choice) for choice in (sides.first, sides.second))
    if shows == "explained":
        return lambda user: (_cut(first(user), k), _cut(second(user), k))

    def reasons(user: str) -> tuple[UserList, UserList]:
        """The first side's order of what both explain, twice."""
        own, other = first(user), {item.item_id: item for item in second(user)}
        shared = _cut(tuple(item for item in own if item.item_id in other), k)
        return shared, tuple(other[item.item_id] for item in shared)

    return reasons


def _with_and_without(explained: ListOf, k: int) -> ListsOf:
    """The list of which each item has a reason, and the same without; empty if one has none."""

    def twice(user: str) -> tuple[UserList, UserList]:
        own = _cut(explained(user), k)
        if not all(item.reason for item in own):
            return (), ()
        return own, tuple(StudyItem(item.item_id) for item in own)

    return twice


def sources_of(sides: StudySides, shows: StudyShow, user: str) -> tuple[str, str]:
    """Who gave the reasons of either side, empty without any."""
    if shows == "lists":
        return "", ""
    first, second = (explanation_of(side, user, None) for side in (sides.first, sides.second))
    return first.source, "" if sides.bare else second.source


def _name(choice: RankingChoice) -> str:
    return choice.base if choice.strategy == "none" else f"{choice.base}+{choice.strategy}"


def _parsed(name: str) -> tuple[str, str]:
    """The model and the strategy, `none` without one."""
    ranking = Ranking(name)
    if len(ranking.steps) > 1 or not all((ranking.base, *ranking.steps)):
        raise InputError(f"{name!r} is no ranking; write MODEL or MODEL+STRATEGY, such as e2ep")
    return ranking.base, (*ranking.steps, "none")[0]


def _plain(choice: RankingChoice, k: int) -> ListOf:
    """Lists as `e2ep recommend` gives them; of users who were not judged there are none."""
    ranked, catalogue = rank_for_users(choice, None), shown_items(choice)
    allowed = np.ones(len(catalogue), dtype=bool)
    made = filtered_lists(ranked, allowed, k, WholeRanking(choice).best)
    if choice.strategy != "none":
        judged = {row for row, _ in judged_values(choice, None)}
        made = {row: each for row, each in made.items() if row in judged}

    def item(entry: dict[str, Any]) -> StudyItem:
        return StudyItem(catalogue[entry["item_row"]].item_id)

    lists = {ranked.ids[row]: tuple(map(item, each.entries)) for row, each in made.items()}
    return lambda user: _cut(lists.get(user, ()), k)


def _explained(choice: RankingChoice) -> ListOf:
    """All of the list that `e2ep explain` shows."""
    path = choice.path("explain")
    is_made = choice.store.exists(path)
    # At once, since a look for a user who has no line reads them all.
    explained = {each.user_id for each in read_jsonl(path, Explanation)} if is_made else set()

    def listed(user: str) -> UserList:
        if is_made and user not in explained:
            return ()
        shown = explanation_of(choice, user, None)
        return tuple(StudyItem(item.item_id, item.reason) for item, _ in shown.first(None))

    return listed


def _cut(items: UserList, k: int) -> UserList:
    return items[:k] if len(items) >= k else ()

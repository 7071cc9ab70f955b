"""explanations.json: what can be measured in the explanations."""

from pydantic import Field

from stages.contracts.rows import Row


class Tally(Row):
    """What a judge said of two strategies' explanations, from the first strategy's side.

    users: those with two usable answers, the sum of wins, ties and losses. contradictions: users
    for whom the judge named one list and then, shown in the other order, the other one; they are
    among the ties. unanswered: all other users. win_share: of wins and losses, None of nothing,
    with its exact 95 % interval (Clopper and Pearson, 1934). p: of the two-sided sign test that
    both are as likely. judges: the models that answered.
    """

    users: int
    wins: int
    ties: int
    losses: int
    contradictions: int
    unanswered: int
    win_share: float | None
    win_share_low: float | None
    win_share_high: float | None
    p: float | None
    judges: tuple[str, ...]


class ShownMeasures(Row):
    """What is shown of one strategy's reasons; here and below a share or mean of nothing is None.

    claims, attributes: shown ones, and distinct attributes. without_reason: items with an empty
    reason. dropped_share: dropped / (claims + dropped). titles: item titles that the reasons name.
    title_grounding: the share of those that the reason cites or is about. together: items whose
    reason is what people liked together, not an attribute, and together_grounded: the share of them
    that holds in the training rows, as recounted from these; both absent where there is none.
    """

    users: int
    items: int
    claims: int
    attributes: int
    without_reason: int
    dropped_share: float | None
    titles: int
    title_grounding: float | None
    together: int = 0
    together_grounded: float | None = None


class FeatureMeasures(Row):
    """Feature measures, whose formulas are in `stages.evaluate.explanations.features`."""

    fmr: float | None
    fcr: float | None
    div: float | None
    usr: float | None


class ClaimMeasures(Row):
    """What a model claimed, before anything was dropped.

    unanswered: users whose question for reasons brought no usable answer. raw_claims: claims made.
    grounded_share: those that hold. faults: the others, each by the first thing wrong.
    Shares of `citations`: citation_validity, of items that the user rated in training; polarity, of
    items that the user did not rate 2 or less there; leak_rate, of items in the user's test rows.
    """

    unanswered: int
    raw_claims: int
    grounded_share: float | None
    faults: dict[str, int]
    citations: int
    citation_validity: float | None
    polarity: float | None
    leak_rate: float | None


class DeletionMeasures(Row):
    """Deletion faithfulness, in standard deviations of a user's scores.

    faithfulness: mean over users, and over each user's items, of the fall without the evidence
    minus the fall without as many other ratings at random, with its bootstrap 95 % interval over
    users. faithfulness_liked: the same against other liked ones. faithful_share: items that fall
    more without the evidence. probed: items. probe_skipped: items whose user has too few other
    liked ones. probe_applies: False for a model that does not read the user's ratings when it
    scores.
    """

    probe_applies: bool
    probed: int
    probe_skipped: int
    faithfulness: float | None
    faithfulness_low: float | None
    faithfulness_high: float | None
    faithfulness_liked: float | None
    faithful_share: float | None


class ExplanationMeasures(ShownMeasures, FeatureMeasures, ClaimMeasures, DeletionMeasures):
    """What can be measured of one strategy's explanations without anybody's opinion."""

    compared: dict[str, Tally] = Field(default_factory=dict)
    """And with a judge's: for each pair that this strategy leads, the other one → the tally."""


Explanations = dict[str, dict[str, dict[str, ExplanationMeasures]]]
"""explanations.json: split → base → strategy → measures."""

"""Ask a model for the rest of lines, and count what it knows."""

from collections import Counter
from collections.abc import Sequence
from datetime import date

from stages.contracts.metrics.memorised import RecitedShare
from stages.llm.answers.structured import Answer, ask
from stages.llm.concurrently import in_order
from stages.llm.wrappers.counted import Counted
from stages.memorised.lines import Excerpt, KindLines
from stages.memorised.questions import Rest, kind_prompt, rest_task
from stages.memorised.scoring import is_close, plain_text, said_rest, shuffled_share, wilson

_DIGITS = 5


async def recited(
    model: Counted, lines: KindLines, asked: Sequence[Excerpt], width: int, today: date
) -> tuple[str, RecitedShare]:
    """The name of the model that answered, and the share of the lines that it knows.

    An AnswerError if no question had a usable answer: that says nothing about the model.
    """
    answers = await in_order(
        lambda row: ask(model, rest_task(lines, row)), asked, width, f"reciting {lines.kind}", model
    )
    model.require_answers()
    names = Counter(answer.reply.model for answer in answers if answer.value)
    return names.most_common(1)[0][0], share_of(lines, asked, answers, today)


def share_of(
    lines: KindLines, asked: Sequence[Excerpt], answers: Sequence[Answer[Rest]], today: date
) -> RecitedShare:
    """The row of memorised.json."""
    true = [plain_text(row.rest) for row in asked]
    said = [
        said_rest(answer.value.rest, row, lines.separator) if answer.value else ""
        for row, answer in zip(asked, answers, strict=True)
    ]
    pairs = list(zip(said, true, strict=True))
    known, near = (sum(a == b for a, b in pairs), sum(is_close(a, b, lines) for a, b in pairs))
    low, high = wilson(known, len(asked))
    return RecitedShare(
        asked=len(asked),
        known=known,
        share=round(known / len(asked), _DIGITS),
        low=round(low, _DIGITS),
        high=round(high, _DIGITS),
        close=round(near / len(asked), _DIGITS),
        shuffled=round(shuffled_share(said, true), _DIGITS),
        unanswered=sum(answer.value is None for answer in answers),
        date=today.isoformat(),
        prompt=kind_prompt(lines.kind).version,
        data=lines.checksum,
    )

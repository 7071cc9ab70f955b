"""Counts a step's answers: outcomes of the replies once read, tokens, dollars, seconds."""

from collections import Counter
from dataclasses import dataclass, field

from stages.contracts.calls import Asked, Calls, summed
from stages.core.errors import AnswerError
from stages.llm.answers.structured import outcome_of
from stages.llm.chat import ChatModel, Outcome, Reply
from stages.llm.task import Task
from stages.llm.waiting.halt import Halt
from stages.llm.wrappers.cached import Cached
from stages.llm.wrappers.wrapper import Wrapper

_REPAIR = "-repair"
_CURES: dict[str, str] = {
    "truncated": "raise llm.max_tokens or lower llm.effort",
    "invalid": "take another model, or a server that keeps to JSON schemas",
    "refused": "take another model",
    "filtered": "take another model",
    "failed": "check {section}.model, {section}.base_url and llm.max_tokens",
}
"""What to change, by the outcome that most questions had."""


@dataclass
class Questions:
    """The questions of one kind: how many were answered, and those since then by outcome."""

    kind: str
    section: str
    answered: int = 0
    missed: Counter[str] = field(default_factory=Counter)

    def count(self, outcome: Outcome) -> None:
        """One more, after its repair."""
        if outcome == "answered":
            self.answered += 1
            self.missed.clear()
        else:
            self.missed[outcome] += 1

    def fault(self, provider: str, which: str) -> AnswerError:
        """What to say of those without an answer, which are the first, the last or all."""
        count = self.missed.total()
        whole = (
            f"none of the {which}{count:,} such questions had a"
            if count > 1
            else "no question had a"
        )
        counts = ", ".join(f"{count:,} {outcome}" for outcome, count in self.missed.most_common())
        [(most, _)] = self.missed.most_common(1)
        cure = f"{_CURES[most].format(section=self.section)}, then run the same command again"
        if provider == "replay":
            cure = "write llm.replay again with `e2ep llm export`, or ask a model"
        return AnswerError(
            f"{self.kind}: {whole} usable answer ({counts}); {cure}: every answer so far is kept"
        )


class Counted(Wrapper):
    """The outermost chat model of a step; an answer from the cache counts as when first given.

    Raises an AnswerError after `fallbacks` questions of one kind in a row without a usable answer,
    and at the end if a kind had none at all. Any error ends the work of everybody: see Halt.
    """

    def __init__(
        self,
        inner: ChatModel,
        fallbacks: int | None = None,
        halt: Halt | None = None,
        section: str = "llm",
    ) -> None:
        super().__init__(inner)
        self.section, self.fallbacks, self.halt = section, fallbacks, halt or Halt()
        self._replies: list[Calls] = []
        self._questions: dict[str, Questions] = {}

    async def reply(self, task: Task) -> Reply:
        with self.halt:
            reply = await self.inner.reply(task)
            outcome = outcome_of(reply, task)
            self._replies.append(as_calls(task, reply, outcome))
            will_be_repaired = (reply.outcome, outcome) == ("answered", "invalid")
            if task.repairs or not will_be_repaired:
                self._count(task.kind.removesuffix(_REPAIR), outcome)
            return reply

    @property
    def answered(self) -> int:
        """How many questions had a usable answer so far."""
        return sum(asked.answered for asked in self._questions.values())

    def require_answers(self) -> None:
        """Raise an AnswerError for a kind of question that had no usable answer at all."""
        for asked in self._questions.values():
            if self.fallbacks and not asked.answered:
                raise asked.fault(self.provider, "")

    def asked(self) -> Asked:
        """The sums, which do not depend on the order of the answers."""
        self.require_answers()
        keys = self.inner.used if isinstance(self.inner, Cached) else ()
        return Asked(calls=tuple(summed(self._replies)), keys=tuple(sorted(keys)))

    def _count(self, kind: str, outcome: Outcome) -> None:
        asked = self._questions.setdefault(kind, Questions(kind, self.section))
        asked.count(outcome)
        if self.fallbacks and asked.missed.total() >= self.fallbacks:
            raise asked.fault(self.provider, "last " if asked.answered else "first ")


def as_calls(task: Task, reply: Reply, outcome: Outcome) -> Calls:
    """One reply as a row of counts."""
    return Calls(
        task=task.kind,
        model=reply.model,
        calls=1,
        outcomes={outcome: 1},
        input_tokens=reply.usage.input_tokens,
        cached_tokens=reply.usage.cached_tokens,
        output_tokens=reply.usage.output_tokens,
        dollars=reply.dollars,
        seconds=reply.seconds,
    )

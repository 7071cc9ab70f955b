"""Where a profile comes from: the model that answered, and the version of the prompt."""

from stages.contracts.rows import Profile
from stages.llm.answers.structured import Answer
from stages.llm.prompt import Prompt
from stages.llm.providers.offline import LABEL


def origin(answer: Answer[Profile], prompt: Prompt) -> str:
    """The model and the prompt's version; offline rules read no prompt."""
    if answer.value is None:
        return f"offline rules after {answer.outcome}"
    return (
        LABEL if answer.reply.model == LABEL else f"{answer.reply.model}, prompt {prompt.version}"
    )

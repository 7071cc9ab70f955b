"""What was spent, according to the ledger."""

from e2ep_cli.project.places import root
from stages.contracts.calls import Calls
from stages.core.cache import cache_folder
from stages.llm.store.ledger import Ledger

_HOUR = 3600.0


def spent(hours: float | None) -> list[Calls]:
    """Attempts of the last `hours`, or of all time, by task and model; none without a ledger."""
    file = cache_folder(root()) / "ledger.sqlite"
    if not file.exists():
        return []
    ledger = Ledger(file)
    try:
        return ledger.by_task(0.0 if hours is None else ledger.now() - hours * _HOUR)
    finally:
        ledger.close()

"""`python -m e2ep_cli.reproduction` (`make reproduction`): docs/reproduction.md, its tables written from metrics/."""

from collections.abc import Callable
from pathlib import Path

from e2ep_cli.blocks import renewed
from e2ep_cli.reproducing.checks import check_table
from e2ep_cli.reproducing.missing import missing_list
from e2ep_cli.reproducing.tables import cold_table, everyone_table, figure_tables, order_table
from stages.core.tables import write_text

DOCUMENT = Path("docs") / "reproduction.md"
WRITERS: dict[str, Callable[[str], str]] = {
    "cold": cold_table,
    "everyone": everyone_table,
    "figures": figure_tables,
    "order": order_table,
    "checks": check_table,
    "missing": missing_list,
}

if __name__ == "__main__":
    write_text(DOCUMENT, renewed(DOCUMENT.read_text(encoding="utf-8"), WRITERS))

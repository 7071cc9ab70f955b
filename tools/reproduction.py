"""`python -m tools.reproduction` (`make reproduction`): docs/reproduction.md, its tables written from metrics/."""

from collections.abc import Callable
from pathlib import Path

from stages.core.tables import write_text
from tools.blocks import renewed
from tools.reproducing.checks import check_table
from tools.reproducing.missing import missing_list
from tools.reproducing.tables import cold_table, everyone_table, figure_tables, order_table

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

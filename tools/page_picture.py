"""`python -m tools.page_picture`: photograph the page of `e2ep serve` for docs/serving.md."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2

from stages.core.errors import InputError, one_sentence
from tools.report_picture import chosen_browser, photograph

_PICTURE = Path("docs") / "pictures" / "page.png"
_LIKED, _DISLIKED = ("Alien (1979)", "The Godfather (1972)", "Heat (1995)"), ("Vertigo (1958)",)
_SIZE = (1200, 900)


@one_sentence
def main() -> None:
    """Serve the run, name some films, and photograph the list."""
    browser = chosen_browser()
    with page_address() as address:
        liked, disliked = ("~".join(item_ids(address, names)) for names in (_LIKED, _DISLIKED))
        photograph(browser, f"{address}#likes={liked}&dislikes={disliked}", _PICTURE, _SIZE)


@contextmanager
def page_address() -> Iterator[str]:
    """The address of a server of the run in this folder."""
    command = [str(Path(sys.executable).with_name("e2ep")), "serve", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            line = server.stdout.readline() if server.stdout else ""
            if not line:
                raise InputError("`e2ep serve` did not start; make the run with `e2ep run`")
            yield line.split()[0]
        finally:
            server.terminate()


def item_ids(address: str, names: tuple[str, ...]) -> list[str]:
    """The ids of items by name."""
    with httpx2.Client(base_url=address, timeout=60) as client:
        answers = [client.get("/items", params={"q": name}).json()["items"] for name in names]
    return [items[0]["item_id"] for items in answers]


if __name__ == "__main__":
    main()

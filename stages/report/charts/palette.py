"""Line styles that differ in colour, marker and dash, so that any one of the three suffices.

The colours are Okabe and Ito's, without the yellow, which is lost on white paper; style.css holds
them as --s0 … --s6, once for light and once for dark.
"""

from dataclasses import dataclass

COLOURS = 7
DASHES = ("", "6 3", "9 3 2 3", "3 2")
MARKERS = (
    "M-3.2 0a3.2 3.2 0 1 0 6.4 0a3.2 3.2 0 1 0 -6.4 0Z",
    "M-2.9 -2.9H2.9V2.9H-2.9Z",
    "M0 -3.9L3.6 2.7H-3.6Z",
    "M0 -4.2L4.2 0L0 4.2L-4.2 0Z",
    "M0 3.9L3.6 -2.7H-3.6Z",
)


@dataclass(frozen=True)
class Style:
    """One line's look."""

    colour: str
    marker: str
    dash: str


def style_of(number: int) -> Style:
    """A distinct style for each of 140 lines."""
    return Style(
        f"s{number % COLOURS}", MARKERS[number % len(MARKERS)], DASHES[number % len(DASHES)]
    )

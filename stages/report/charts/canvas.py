"""The frame, text and finish that every chart shares."""

from xml.etree.ElementTree import Element, SubElement, tostring

from markupsafe import Markup

WIDTH, HEIGHT = 320, 220


def canvas(kind: str, title: str, description: str, height: int = HEIGHT) -> Element:
    """A chart with its title drawn; `description` is what a screen reader says."""
    box = {
        "class": kind,
        "viewBox": f"0 0 {WIDTH} {height}",
        "role": "img",
        "aria-label": description,
    }
    chart = Element("svg", box)
    put_text(chart, 4, 15, title, "name")
    return chart


def put_text(chart: Element, x: float, y: float, text: str, kind: str) -> None:
    """A line of text in one of the classes of style.css."""
    SubElement(chart, "text", {"class": kind, "x": f"{x:g}", "y": f"{y:g}"}).text = text


def markup(picture: Element) -> Markup:
    """The chart as it stands on the page."""
    return Markup(tostring(picture, encoding="unicode"))

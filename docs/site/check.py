"""What is wrong with the site as built: links that lead nowhere, and what would be fetched from elsewhere."""

import re
import sys
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

FETCHED = {"script": "src", "link": "href", "img": "src", "iframe": "src", "source": "src", "video": "src"}
"""Elements that a browser fetches something for, and the attribute that says what."""
_ADDRESS = re.compile(r"(?:url\(|@import)\s*['\"]?((?:https?:)?//[^'\")\s]+)")


class PageParser(HTMLParser):
    """Collects what a page can be led to by, what it leads to, and what it fetches."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.links: list[str] = []
        self.fetched: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element's name, link and address."""
        values = {name: value for name, value in attrs if value}
        self.ids |= {values[name] for name in ("id", "name") if name in values}
        if tag == "a" and "href" in values:
            self.links.append(values["href"])
        if address := values.get(FETCHED.get(tag, "")):
            self.fetched.append(address)


@cache
def read_page(path: Path) -> PageParser:
    """Return what a page holds."""
    parser = PageParser()
    parser.feed(path.read_text("utf-8"))
    return parser


def find_faults(site: Path) -> Iterator[str]:
    """Yield every dead link, and everything that reading the site would fetch from another machine."""
    for path in sorted(site.rglob("*.html")):
        if "_static" in path.parts:  # templates of the theme, no pages
            continue
        page, place = read_page(path), path.relative_to(site)
        for address in page.fetched:
            if urlsplit(address).netloc:
                yield f"{place}: fetches {address}"
        for link in [*page.links, *page.fetched]:
            if not leads_somewhere(link, path):
                yield f"{place}: {link} leads nowhere"
    for path in sorted(site.rglob("*.css")):
        for address in _ADDRESS.findall(path.read_text("utf-8")):
            yield f"{path.relative_to(site)}: fetches {address}"


def leads_somewhere(link: str, path: Path) -> bool:
    """Tell whether a link of a page leads to a file that is there, and to a place in it."""
    parts = urlsplit(link)
    if parts.scheme or parts.netloc:
        return True
    target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
    if not target.is_file():
        return False
    anchor = unquote(parts.fragment)
    return not anchor or target.suffix != ".html" or anchor in read_page(target).ids


if __name__ == "__main__":
    faults = list(find_faults(Path(sys.argv[1])))
    print("\n".join(faults))
    sys.exit(1 if faults else 0)

"""The page: a folium map as one file that makes no request, runs no foreign script, and is the same every time.

The Content-Security-Policy names our own scripts by hashes taken from files of this package, before any data is there.
Whatever else a caller adds with ``add_child`` is hashed apart and must bring no link to another host.
"""

from __future__ import annotations

import base64
import hashlib
import html
import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import folium
from branca.element import CssLink, Element, Figure, JavascriptLink
from folium.template import Template

from geomap.errors import UsageError
from geomap.files import whole
from geomap.maps.drawing import svg
from geomap.maps.layer import EventLayer, safe_json
from geomap.maps.picture import SUFFIXES, take

_PAGE = Path(__file__).parent / "page"
# In the order in which they are read: each stands on those before it.
SCRIPTS = ("data", "words", "ground", "symbols", "areas", "popup", "filters", "panel", "time", "state", "start")
STYLES = ("page", "map")
_FOREIGN = re.compile(
    r"""(?:src|href|action|data|poster)\s*=\s*["'\\]*\s*(?:https?:)?//[^\s"'>]+|url\(\s*["']?(?:https?:)?//[^)]+""",
    re.I,
)


def _leaflet(name: str) -> str:
    """A file of Leaflet from the xstatic package, without the pointer to a source map that browsers would fetch."""
    text = files("xstatic.pkg.leaflet").joinpath("data", name).read_text(encoding="utf-8")
    return re.sub(r"\n?//# sourceMappingURL=\S+", "", text).strip()


def _images() -> dict[str, str]:
    """Leaflet's own images as data addresses: a page has no neighbours to ask."""
    folder = files("xstatic.pkg.leaflet").joinpath("data", "images")
    names = ("layers.png", "layers-2x.png", "marker-icon.png", "marker-icon-2x.png", "marker-shadow.png")
    return {name: "data:image/png;base64," + base64.b64encode(folder.joinpath(name).read_bytes()).decode() for name in names}


def _bare(script: str) -> str:
    """Our script without indents and comments, a tenth of it. No string of ours runs over a line's end."""
    return re.sub(r"""(?m)^ +|^\s*//.*\n|(?<=[;{,]) // [^"'`\n]*$""", "", script)


@cache
def scripts() -> tuple[str, ...]:
    """Leaflet and our own script: constants of this installation."""
    own = "\n".join(_bare((_PAGE / f"{name}.js").read_text(encoding="utf-8")) for name in SCRIPTS)
    found = _leaflet("leaflet.js"), f'"use strict";\n(() => {{\n{own}\n}})();'
    for script in found:
        if "</script" in script.lower() or "<!--" in script:
            raise UsageError("a script of this installation would end its own block")
    return found


@cache
def styles(plain: bool = True) -> str:
    """Leaflet's style and ours; with the pictures of its layer control only where a caller may have added one."""
    images = {} if plain else _images()
    leaflet = re.sub(r"url\(images/([\w.-]+)\)", lambda match: f"url({images.get(match[1], 'data:,')})", _leaflet("leaflet.css"))
    leaflet = re.sub(r"\.leaflet-default-icon-path\s*\{[^}]*\}", "", leaflet)
    ours = "\n".join((_PAGE / f"{name}.css").read_text(encoding="utf-8") for name in STYLES)
    return re.sub(r"(?m)/\*.*?\*/|^\s+|\r", "", leaflet + "\n" + ours)


def _hash(text: str) -> str:
    return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode() + "'"


@cache
def _constant_hashes() -> tuple[tuple[str, ...], str]:
    """Hashes of our scripts and of our style, taken before any data is at hand."""
    return tuple(_hash(script) for script in scripts()), _hash(styles())


def _walk(element: Any, seen: set[int] | None = None) -> Iterator[Any]:
    """Every element below one: its children, and what folium keeps in attributes (a popup's own html and script)."""
    seen = {id(element)} if seen is None else seen
    for child in [*element._children.values(), *vars(element).values()]:
        if isinstance(child, Element) and id(child) not in seen:
            seen.add(id(child))
            yield child
            yield from _walk(child, seen)


class Page(Figure):
    """The whole document around a map."""

    def __init__(self, config: dict[str, Any], layer: EventLayer, policy: tuple[str, ...] = ()):
        super().__init__(height="640px")
        self.config, self.layer, self.image_hosts = config, layer, policy

    def _policy(self, added: str, plain: bool) -> str:
        ours, style = _constant_hashes()
        extra = [_hash(added)] if added else []
        return "; ".join([
            "default-src 'none'", f"script-src {' '.join([*ours, *extra])}",
            f"style-src {style}" if plain else "style-src 'unsafe-inline'",
            " ".join(["img-src data: blob:", *self.image_hosts]),
            "connect-src 'none'", "form-action 'none'", "base-uri 'none'", "frame-src 'none'",
        ])  # fmt: skip

    def render(self, **kwargs: Any) -> str:
        """The document. Raises UsageError where something that was added would load from another host."""
        for part in (self.header, self.html, self.script):
            part._children.clear()
        for child in self._children.values():
            child.render(**kwargs)
        ours = {self.layer.get_name(), *(child.get_name() for child in self._children.values()), "meta_http"}
        head, body, script = (_rendered(part, ours) for part in (self.header, self.html, self.script))
        self._refuse_links(head + body + script)
        plain = not (head or body or script)
        names = {element._id: f"e{number}" for number, element in enumerate(_walk(self), 1) if element._id != "geomap"}
        head, body, script = (_rename(text, names) for text in (head, body, script))
        config = {**self.config, "markers": {} if plain else _images()}
        leaflet, app = scripts()
        title = html.escape(_clean(self.config["title"]))
        return "\n".join([
            "<!DOCTYPE html>", f'<html lang="{self.config["lang"]}" dir="{self.config["words"]["dir"]}">', "<head>",
            '<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{self._policy(script, plain)}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="referrer" content="no-referrer">', '<meta name="color-scheme" content="light dark">',
            f'<meta name="generator" content="geomap {self.config["version"]}">', '<link rel="icon" href="data:,">',
            f"<title>{title}</title>", f"<style>{styles(plain)}</style>{head}", "</head>", "<body>",
            '<div class="folium-map" id="map_geomap"></div>',
            f'<script type="application/json" id="geomap-config">{safe_json(config)}</script>',
            self.layer.blocks() + body, f"<script>{leaflet}</script>", f"<script>{app}</script>",
            f"<script>{script}</script>" if script else "", "</body>", "</html>", "",
        ])  # fmt: skip

    def _refuse_links(self, text: str) -> None:
        for element in _walk(self):
            if isinstance(element, (JavascriptLink, CssLink)):
                raise UsageError(
                    f"this map is one file without requests, but something that was added loads {element.url}; "
                    "use a plugin that needs no files of its own"
                )
            if isinstance(element, folium.TileLayer):
                raise UsageError("this map makes no requests; name tiles with draw(..., basemap='OpenStreetMap.Mapnik') instead")
        if found := _FOREIGN.search(text):
            raise UsageError(f"this map is one file without requests, but something that was added holds {found[0][:80]}")


def _rendered(part: Element, ours: set[str]) -> str:
    return "\n".join(child.render() for name, child in part._children.items() if name not in ours).strip()


def _rename(text: str, names: dict[str, str]) -> str:
    """folium's random ids, each replaced by its place in the tree: the same map gives the same bytes."""
    return re.sub("|".join(map(re.escape, names)), lambda match: names[match[0]], text) if names and text else text


def _clean(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")


class Map(folium.Map):
    """A folium map that is one silent, deterministic file: save it, show it in a notebook, add folium objects to it."""

    _template = Template("")
    default_js: list[tuple[str, str]] = []  # noqa: RUF012  # folium's own way to say which files a class needs
    default_css: list[tuple[str, str]] = []  # noqa: RUF012

    def __init__(self, layer: EventLayer, config: dict[str, Any], image_hosts: tuple[str, ...] = ()):
        super().__init__(tiles=None)
        self._name, self._id = "Map", "geomap"
        self.layer, self._page = layer, Page(config, layer, image_hosts)
        self._page.add_child(self)
        self.add_child(layer)

    @property
    def notes(self) -> tuple[str, ...]:
        """What the page could not carry or place, one sentence each."""
        return tuple(self._page.config["notes"])

    def svg(self) -> str:
        """The map as a picture that needs no browser (see geomap.maps.drawing)."""
        config = self._page.config
        return svg(self.layer.rows, title=config["title"], says=config["words"], color_by=config["color_by"] or "actor")

    def to_html(self) -> str:
        """The whole document."""
        return self._page.render()

    def save(self, outfile: Any, close_file: bool = True, **kwargs: Any) -> None:
        """Write the document, whole or not at all; the suffixes .png, .pdf and .svg make a picture of it."""
        if hasattr(outfile, "write"):
            outfile.write(self.to_html().encode("utf-8"))
            if close_file:
                outfile.close()
            return
        if Path(outfile).suffix.lower() in SUFFIXES:
            take(self, Path(outfile), **kwargs)
            return
        with whole(outfile) as temporary:
            temporary.write_text(self.to_html(), encoding="utf-8", newline="\n")

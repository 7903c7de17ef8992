"""How events look in QGIS and Google Earth: a colour and a size for each precision, areas that let the ground through."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape


@dataclass(frozen=True, slots=True)
class Look:
    """One class of precision: UCDP GED codes that belong to it (None: unknown), words, colour as rrggbb, relative size."""

    name: str
    codes: tuple[int | None, ...]
    label: str
    colour: str
    size: float


# Exact is dark and large, vague is pale: colours of ColorBrewer's YlOrRd, told apart in grey and by the colour-blind too.
LOOKS = (
    Look("exact", (1,), "exact place", "800026", 1.1),
    Look("near", (2,), "within 25 km of the point", "e31a1c", 1.0),
    Look("district", (3,), "second-level division", "fd8d3c", 0.9),
    Look("province", (4,), "first-level division", "feb24c", 0.9),
    Look("area", (5,), "line or fuzzy area", "3f7fbf", 0.9),
    Look("country", (6, 7), "country or sea", "9ecae1", 0.8),
    Look("unknown", (None,), "precision unknown", "888888", 0.8),
)


def look(code: int | None) -> Look:
    """The look of a precision code."""
    return next((look for look in LOOKS if code in look.codes), LOOKS[-1])


def qml(layer: str) -> str:
    """QGIS's style of a layer of ours: symbols by precision, a label where there is room, days for the temporal controller."""
    if layer == "places":
        symbols, kind = [_marker("0", "333333", 0.6, "square")], '<renderer-v2 type="singleSymbol">'
        return _page(f"{kind}<symbols>{''.join(symbols)}</symbols></renderer-v2>{_label('name', 8)}", "")
    if layer in ("links", "incidents"):
        symbol = _line("0", "555555") if layer == "links" else _marker("0", "6a3d9a", 1.0, "diamond")
        label = "" if layer == "links" else _label("verdict", 8)
        return _page(f'<renderer-v2 type="singleSymbol"><symbols>{symbol}</symbols></renderer-v2>{label}', "")
    areas = {"footprints": 64, "plausible": 26}
    classes = [(code, each) for each in LOOKS for code in each.codes]
    draw = (
        [_fill(str(i), each.colour, areas[layer]) for i, (_, each) in enumerate(classes)]
        if layer in areas
        else [_marker(str(i), each.colour, each.size, "circle") for i, (_, each) in enumerate(classes)]
    )
    categories = "".join(
        f'<category render="true" symbol="{i}" value="{"" if code is None else code}" label="{escape(each.label)}"/>'
        for i, (code, each) in enumerate(classes)
    )
    renderer = (
        f'<renderer-v2 type="categorizedSymbol" attr="precision_ged" enableorderby="0" symbollevels="0">'
        f"<categories>{categories}</categories><symbols>{''.join(draw)}</symbols></renderer-v2>"
    )
    return _page(renderer + (_label("location_text", 9) if layer == "events" else ""), TEMPORAL)


TEMPORAL = (
    '<temporal enabled="1" mode="2" startField="date_earliest" endField="date_latest" durationUnit="d" limitMode="1" '
    'accumulate="0" fixedDuration="0" durationField=""/>'
)


def _page(body: str, head: str) -> str:
    return (
        "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
        f'<qgis version="3.22.0" styleCategories="Symbology|Labeling|Temporal" labelsEnabled="1">{head}{body}</qgis>\n'
    )


def _props(pairs: Sequence[tuple[str, str]]) -> Iterator[str]:
    return (f'<prop k="{key}" v="{escape(value)}"/>' for key, value in pairs)


def _rgba(colour: str, alpha: int = 255) -> str:
    return ",".join(str(int(colour[at : at + 2], 16)) for at in (0, 2, 4)) + f",{alpha}"


def _symbol(kind: str, name: str, layer: str, pairs: Sequence[tuple[str, str]]) -> str:
    return (
        f'<symbol type="{kind}" name="{name}" alpha="1" clip_to_extent="1">'
        f'<layer class="{layer}" enabled="1" pass="0" locked="0">{"".join(_props(pairs))}</layer></symbol>'
    )


def _marker(name: str, colour: str, size: float, shape: str) -> str:
    pairs = [("name", shape), ("color", _rgba(colour)), ("outline_color", _rgba("ffffff")), ("outline_width", "0.3")]
    return _symbol("marker", name, "SimpleMarker", [*pairs, ("size", f"{3.2 * size:.2f}"), ("size_unit", "MM")])


def _fill(name: str, colour: str, alpha: int) -> str:
    pairs = [("color", _rgba(colour, alpha)), ("outline_color", _rgba(colour)), ("outline_style", "solid"), ("style", "solid")]
    return _symbol("fill", name, "SimpleFill", [*pairs, ("outline_width", "0.4"), ("outline_width_unit", "MM")])


def _line(name: str, colour: str) -> str:
    pairs = [("line_color", _rgba(colour)), ("line_width", "0.4"), ("line_style", "dash"), ("line_width_unit", "MM")]
    return _symbol("line", name, "SimpleLine", pairs)


def _label(field: str, size: int) -> str:
    """Labels with a halo, beside the symbol, left out where they would meet."""
    return (
        f'<labeling type="simple"><settings calloutType="simple"><text-style fieldName="{field}" fontSize="{size}" '
        'fontSizeUnit="Point" textColor="30,30,30,255" isExpression="0" textOpacity="1" multilineHeight="1">'
        '<text-buffer bufferDraw="1" bufferSize="0.8" bufferSizeUnits="MM" bufferColor="255,255,255,230" bufferOpacity="0.9"/>'
        '</text-style><text-format wrapChar="" autoWrapLength="28" useMaxLineLengthForAutoWrap="1" multilineAlign="3"/>'
        '<placement placement="6" dist="1" distUnits="MM" priority="5" predefinedPositionOrder="TR,TL,BR,BL,R,L,TSR,BSR"/>'
        '<rendering drawLabels="1" obstacle="1" scaleVisibility="0" displayAll="0" upsidedownLabels="0"/>'
        "</settings></labeling>"
    )

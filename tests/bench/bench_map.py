"""How quick a map of many events is, in Python and in headless Chromium: medians of three, printed as a table.

    python tests/bench/bench_map.py [--events 100000] [--runs 3] [--chromium /usr/bin/chromium]

Events are random around forty towns, each with about 160 characters of Arabic text of its own.
"""

from __future__ import annotations

import argparse
import platform
import random
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

import pandas as pd
from playwright.sync_api import Page, sync_playwright

from geomap import maps

WORDS = """غارة جوية قصف استهدف موقعا معسكرا مقاتلين مدينة قرب جنوب شرقي شمال غربي كيلومترا قال بيان القيادة أمس الثلاثاء الماضي أسفر
مقتل إصابة عدد من المدنيين بينهم أطفال دمر مركبات مستودع أسلحة طائرة مسيرة مصادر محلية أكدت أن القوات نفذت عملية ضد تنظيم
الدولة في محيط البلدة بعد هجوم على نقطة تفتيش حيث سقطت قذائف سرت مصراتة طرابلس بنغازي درنة سبها الجفرة الكفرة غدامس""".split()
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip


def events(count: int, seed: int = 7) -> list[dict[str, Any]]:
    """Random events; the same seed gives the same."""
    rng = random.Random(seed)
    towns = [(rng.uniform(-10, 60), rng.uniform(5, 45)) for _ in range(40)]
    kinds = (("F", 1), ("F", 1), ("FOH", 5), ("F", 4), ("region", 6))
    rows = []
    for number in range(count):
        lon, lat = rng.choice(towns)
        kind, code = rng.choice(kinds)
        day = f"{rng.randint(2014, 2023)}-{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d}"
        rows.append({
            "event_id": f"{rng.getrandbits(48):012x}", "report_id": f"r{number}",
            "event_type": rng.choice(("air_strike", "shelling", "drone_strike")), "factuality": "asserted", "role": "main",
            "date_earliest": day, "date_latest": day, "actor": rng.choice(WORDS), "target": rng.choice(WORDS),
            "killed_min": rng.choice((None, 0, 1, 2, 5, 17)), "location_text": " ".join(rng.choices(WORDS, k=3)),
            "location_type": kind, "lat": round(lat + rng.gauss(0, 0.8), 4), "lon": round(lon + rng.gauss(0, 0.8), 4),
            "uncertainty_m": float(rng.choice((500, 3000, 12000, 40000))), "precision_ged": code,
            "quote": " ".join(rng.choices(WORDS, k=27)), "language": "ar", "source": f"source {rng.randint(1, 12)}",
        })  # fmt: skip
    return rows


RECORD = """() => {
  window.frames95 = new Promise(done => {
    const times = [];
    let last = performance.now();
    window.recording = true;
    const step = now => { times.push(now - last); last = now; if (window.recording) requestAnimationFrame(step); else { times.shift(); times.sort((a, b) => a - b); done(times[Math.floor(times.length * 0.95)]); } };
    requestAnimationFrame(step);
  });
}"""
STOP = "() => { window.recording = false; return window.frames95; }"


def frames(page: Page, act: Any) -> float:
    """The 95th percentile of frame times while somebody acts."""
    page.evaluate(RECORD)
    act()
    return float(page.evaluate(STOP))


def drag(page: Page) -> None:
    """Three hauls with the mouse, as a reader pans."""
    for dx, dy in ((-300, 80), (250, -120), (60, 160)):
        page.mouse.move(800, 350)
        page.mouse.down()
        page.mouse.move(800 + dx, 350 + dy, steps=30)
        page.mouse.up()
        page.wait_for_timeout(250)


def wheel(page: Page) -> None:
    """In and out with the wheel, with Leaflet's animation."""
    page.mouse.move(800, 350)
    for delta in (-240, -240, 240, 240):
        page.mouse.wheel(0, delta)
        page.wait_for_timeout(600)


SLIDER = """async () => {
  const {state} = window.geomap, times = [];
  for (let k = 1; k <= 12; k++) {
    const start = performance.now();
    state.window = [state.first + k * 100, state.last - k * 50];
    state.apply();
    times.push(performance.now() - start);
    await new Promise(requestAnimationFrame);
  }
  state.window = [state.first, state.last]; state.apply();
  return times.sort((a, b) => a - b)[6];
}"""
SEARCH = """async words => {
  const {state} = window.geomap, times = [];
  for (const word of words) {
    const start = performance.now();
    state.search(word);
    times.push(performance.now() - start);
    await new Promise(requestAnimationFrame);
  }
  state.search('');
  return times.sort((a, b) => a - b)[Math.floor(times.length / 2)];
}"""


def in_browser(page: Page, path: Path) -> dict[str, float]:
    """Milliseconds in the browser: ready from the start of navigation, one frame while panning, and so on."""
    page.goto(path.as_uri())
    page.wait_for_selector("html[data-ready='1']", state="attached", timeout=60_000)
    ready = page.evaluate("performance.getEntriesByName('geomap-ready')[0].startTime")
    page.wait_for_timeout(1500)
    return {
        "ready ms": ready,
        "pan frame p95 ms": frames(page, lambda: drag(page)),
        "zoom frame p95 ms": frames(page, lambda: wheel(page)),
        "slider step ms": page.evaluate(SLIDER),
        "search ms": page.evaluate(SEARCH, ["سرت", "مصراته", "الجفرة", "غارة جوية", "درنه"]),
        "heap MB": page.evaluate("performance.memory.usedJSHeapSize / 1e6"),
    }


def drawing(rows: Any, path: Path) -> dict[str, float]:
    """Seconds of processor and of clock that Python takes, and the size of the file."""
    start, cpu = time.perf_counter(), time.process_time()
    maps.draw(rows, title="bench").save(path)
    return {
        "python s": time.perf_counter() - start,
        "python cpu s": time.process_time() - cpu,
        "file MB": path.stat().st_size / 1e6,
    }


def main() -> None:
    """Draw, open, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--chromium", default="/usr/bin/chromium")
    given = parser.parse_args()
    rows = events(given.events)
    frame = pd.DataFrame(rows)
    maps.draw(rows[:10]).to_html()  # imports and caches
    found: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as play:
        path = Path(folder) / "map.html"
        for name, table in (("dicts", rows), ("frame", frame)):
            for key, value in drawing(table, path).items():
                found[f"{key} ({name})"] = [value]
        browser = play.chromium.launch(executable_path=given.chromium, args=[*FLAGS, "--enable-precise-memory-info"])
        for _ in range(given.runs):
            page = browser.new_page(viewport={"width": 1280, "height": 800})
            for key, value in in_browser(page, path).items():
                found.setdefault(key, []).append(value)
            page.close()
        browser.close()
    print(f"{given.events:,} events on {platform.machine()}, Python {platform.python_version()}")
    for key, values in found.items():
        print(f"{key:26}{statistics.median(values):10.2f}")


if __name__ == "__main__":
    main()

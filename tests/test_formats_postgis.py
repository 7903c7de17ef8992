"""PostGIS, against a real server that these tests start on the loopback and stop again."""

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import shapely

from geomap import formats
from geomap.columns import COLUMNS, Row
from geomap.errors import OutputError

psycopg = pytest.importorskip("psycopg", reason="needs the extra postgis")


def row(**given: Any) -> Row:
    found: Row = dict.fromkeys(COLUMNS)
    found.update(
        event_id="ev1", report_id="r1", date_earliest="2017-09-26", lat=30.183, lon=17.763, killed_min=2, source="صحيفة",
        quote="نفذت طائرات ضربتين.\tand \\N", text_sha256="ab" * 32, footprint=shapely.box(17, 30, 18, 31),
        plausible=shapely.MultiPolygon([shapely.box(17, 29, 18, 31), shapely.box(19, 29, 20, 30)]),
    )  # fmt: skip
    return found | given


def programs() -> Path | None:
    """Where initdb and postgres lie, with PostGIS installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    for initdb in reversed(found):
        version = initdb.parent.parent.name
        if Path(f"/usr/share/postgresql/{version}/extension/postgis.control").exists():
            return initdb.parent
    return None


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    bin_ = programs()
    if bin_ is None:
        pytest.skip("needs Debian's postgresql and postgis")
    as_user: list[str] = []
    folder = Path(os.environ.get("TMPDIR", "/tmp")) / f"geomap-postgis-{os.getpid()}"
    folder.mkdir()
    if os.geteuid() == 0:  # the server refuses to run as root
        if shutil.which("runuser") is None:
            pytest.skip("needs runuser, since the server refuses to run as root")
        shutil.chown(folder, "postgres")
        as_user = ["runuser", "-u", "postgres", "--"]
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    data = folder / "data"
    options = f"-c listen_addresses=127.0.0.1 -p {port} -k {folder} -c fsync=off"
    control = [*as_user, str(bin_ / "pg_ctl"), "-D", str(data), "-l", str(folder / "log"), "-w", "-t", "60"]
    try:
        subprocess.run(
            [*as_user, str(bin_ / "initdb"), "-D", str(data), "-U", "geomap", "-A", "trust", "-E", "UTF8", "--locale=C"],
            check=True, capture_output=True, cwd="/",
        )  # fmt: skip
        subprocess.run([*control, "-o", options, "start"], check=True, stdout=subprocess.DEVNULL, cwd="/")
        yield f"postgresql://geomap@127.0.0.1:{port}/postgres"
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], check=False, stdout=subprocess.DEVNULL, cwd="/")
        shutil.rmtree(folder, ignore_errors=True)


def ask(server: str, query: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(server) as base:
        return base.execute(query).fetchall()


def test_events_arrive_with_keys_indexes_and_geometries(server: str) -> None:
    written = formats.write(
        [row(), row(event_id="ev2", lat=None, lon=None, footprint=None, report_id="r2")], server, schema="one"
    )
    assert (written.events, written.unlocated) == (2, 1)
    found = ask(
        server,
        "SELECT event_id, ST_AsText(geom), ST_GeometryType(footprint), ST_NumGeometries(plausible), quote FROM one.events ORDER BY 1",
    )
    assert found[0] == ("ev1", "POINT(17.763 30.183)", "ST_MultiPolygon", 2, "نفذت طائرات ضربتين.\tand \\N")
    assert found[1][1:3] == (None, None)
    assert ask(server, "SELECT count(*) FROM pg_indexes WHERE schemaname = 'one' AND indexdef LIKE '%gist%'") == [(3,)]
    assert ask(server, "SELECT report_id FROM one.sources ORDER BY 1") == [("r1",), ("r2",)]
    assert "geomap" in ask(server, "SELECT about->>'generator' FROM one.about")[0][0]


def test_a_second_export_brings_events_up_to_date_and_adds_columns(server: str) -> None:
    formats.write([row(), row(event_id="ev2")], server, schema="two")
    formats.write([row(killed_min=5, own="x"), row(event_id="ev3"), row(event_id="ev3", killed_min=9)], server, schema="two")
    assert ask(server, "SELECT event_id, killed_min, own FROM two.events ORDER BY 1") == [
        ("ev1", 5, "x"),
        ("ev2", 2, None),
        ("ev3", 9, None),
    ]
    assert ask(server, "SELECT count(*) FROM two.about") == [(2,)]


def test_a_failure_on_the_way_changes_nothing(server: str) -> None:
    formats.write([row()], server, schema="three")

    def failing() -> Iterator[Row]:
        yield from (row(event_id=f"ev{number}", killed_min=7) for number in range(3000))
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        formats.write(failing(), server, schema="three")
    with pytest.raises(OutputError, match="without an id"):
        formats.write([row(event_id=None)], server, schema="three")
    assert ask(server, "SELECT event_id, killed_min FROM three.events") == [("ev1", 2)]


def test_hostile_names_are_only_names(server: str) -> None:
    formats.write([row(**{'x"; DROP TABLE events; --': "y", "Event_ID": "z"})], server, schema='f"; DROP')
    assert ask(server, 'SELECT "Event_ID_2" FROM "f""; DROP".events') == [("z",)]


def test_a_server_that_is_not_there_gives_one_line_without_the_password() -> None:
    with pytest.raises(OutputError) as caught:
        formats.write([row()], "postgresql://me:secret@127.0.0.1:9/none")
    assert "none on 127.0.0.1" in str(caught.value) and "secret" not in str(caught.value) and "\n" not in str(caught.value)

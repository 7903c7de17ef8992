"""Reading reports: what the files say, and one clear line for each file that cannot be read."""

import json
from datetime import date
from pathlib import Path

import pytest

from geomap import reports
from geomap.errors import InputError

ARABIC = "شنت الطائرات غارتين على بعد 10 كيلومترات جنوب سرت."


def write(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return path


def one(path: Path, **given: str) -> reports.Report:
    (report,) = reports.read(path, **given)
    return report


def test_header_lines_are_taken_and_the_rest_is_the_text(tmp_path: Path) -> None:
    report = one(write(tmp_path, "a.txt", f"published: 2017-09-28\nsource: AFP: Tripoli\n\n{ARABIC}\n"))
    assert (report.published, report.source, report.text) == (date(2017, 9, 28), "AFP: Tripoli", ARABIC + "\n")


def test_what_the_report_says_itself_is_not_overruled(tmp_path: Path) -> None:
    path = write(tmp_path, "a.txt", f"published: 2017-09-28\n{ARABIC}")
    report = one(path, published="2020-01-01", source="AFP")
    assert (report.published, report.source) == (date(2017, 9, 28), "AFP")


def test_windows_line_ends_and_marks_change_no_offset(tmp_path: Path) -> None:
    unix = one(write(tmp_path, "a.txt", f"One.\n\n{ARABIC}"))
    windows = one(write(tmp_path, "b.txt", b"\xef\xbb\xbf" + f"One.\r\n\r\n{ARABIC}".encode()))
    assert unix.text == windows.text and unix.sha256 == windows.sha256
    assert unix.input_sha256 != windows.input_sha256


def test_utf16_with_its_mark_is_read(tmp_path: Path) -> None:
    assert one(write(tmp_path, "a.txt", ARABIC.encode("utf-16"))).text == ARABIC


def test_a_year_alone_is_no_day(tmp_path: Path) -> None:
    assert one(write(tmp_path, "a.txt", f"published: 2016\n{ARABIC}")).published is None


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("empty.txt", b" \n", "is empty"),
        ("binary.txt", b"\x7fELF\x00\x01\x02", "binary file"),
        ("cp1256.txt", ARABIC.encode("cp1256", "replace"), "iconv"),
        ("paper.pdf", b"%PDF-1.7", "pdftotext"),
        ("hidden.txt", b"%PDF-1.7 ...", "is a PDF"),
        ("letter.docx", b"PK\x03\x04", "plain text"),
        ("sound.mp3", b"ID3", "known:"),
        ("date.txt", f"published: 28 Sept\n{ARABIC}".encode(), "2017-09-28"),
        ("table.csv", b"name,place\na,b\n", "no column 'text'"),
        ("page.html", b"<html><script>alert(1)</script></html>", "no text"),
        ("book.xlsx", b"PK\x03\x04 broken", "Excel"),
    ],
)
def test_what_cannot_be_read_says_why_and_names_the_way_out(tmp_path: Path, name: str, content: bytes, words: str) -> None:
    path = write(tmp_path, name, content)
    with pytest.raises(InputError, match=name) as caught:
        list(reports.read(path))
    assert words in str(caught.value) and "\n" not in str(caught.value)


def test_a_missing_file_and_a_web_address_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        list(reports.read(tmp_path / "none.txt"))
    with pytest.raises(InputError, match="never uses the network"):
        list(reports.read("https://example.org/report"))


def test_a_broken_line_does_not_stop_the_others(tmp_path: Path) -> None:
    lines = [json.dumps({"id": "a", "text": ARABIC}), "{broken", json.dumps({"id": "b"}), json.dumps({"id": "c", "text": "x"})]
    path = write(tmp_path, "r.jsonl", "\n".join(lines))
    errors: list[InputError] = []
    assert [report.id for report in reports.read(path, on_error=errors.append)] == ["a", "c"]
    assert ["line 2" in str(errors[0]), "line 3" in str(errors[1]), len(errors)] == [True, True, 2]
    with pytest.raises(InputError, match="line 2"):
        list(reports.read(path))


def test_a_table_of_reports_in_csv(tmp_path: Path) -> None:
    path = write(tmp_path, "r.csv", f'id;text;date;lang\n1;"{ARABIC}";2017-09-28;ar\n')
    report = one(path)
    assert (report.id, report.text, report.published, report.language) == ("1", ARABIC, date(2017, 9, 28), "ar")


def test_a_saved_page_gives_its_words_and_not_its_scripts(tmp_path: Path) -> None:
    page = f"""<html><head><title>T</title><meta property="article:published_time" content="2017-09-28T10:00:00Z">
    <script>var x = "غارة"</script></head><body><nav>Home</nav><p>{ARABIC}</p><p>Second&nbsp;one</p></body></html>"""
    report = one(write(tmp_path, "a.html", page))
    assert ARABIC in report.text and "var x" not in report.text
    assert report.published == date(2017, 9, 28)


def test_an_excel_sheet_of_reports(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl", reason="reading .xlsx is an extra")
    book = openpyxl.Workbook()
    book.active.append(["id", "text", "published"])
    book.active.append([7, ARABIC, date(2017, 9, 28)])
    book.save(tmp_path / "r.xlsx")
    report = one(tmp_path / "r.xlsx")
    assert (report.id, report.text, report.published) == ("7", ARABIC, date(2017, 9, 28))

"""Tables of Excel, of Windows and of other countries."""

import pytest

from gaitbench.datasets.sources.tables.table_text import read_table
from gaitbench.errors import DataError

ROWS = [(2, ["anna", "nm-01"]), (3, ["b;c", "nm-02"])]


def table(tmp_path, content):
    path = tmp_path / "m.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_table(path)


@pytest.mark.parametrize(
    "content",
    [
        'subject,walk\nanna,nm-01\n"b;c",nm-02\n',
        'Subject;WALK\r\nanna;nm-01\r\n"b;c";nm-02\r\n',
        "subject\twalk\nanna\tnm-01\nb;c\tnm-02",
        '\ufeffsubject,walk\nanna,nm-01\n"b;c",nm-02\n',
        'subject,walk\nanna,nm-01\n"b;c",nm-02\n'.encode("utf-16"),
        'subject,walk,,\nanna,nm-01\n"b;c",nm-02\n',
    ],
)
def test_every_way_to_write_a_table(tmp_path, content):
    assert table(tmp_path, content) == (["subject", "walk"], ROWS)


def test_excels_own_line_and_blank_rows(tmp_path):
    names, rows = table(tmp_path, "sep=;\nsubject;walk\n;\n\nanna;nm-01\n")
    assert (names, rows) == (["subject", "walk"], [(5, ["anna", "nm-01"])])


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"", "is empty"), (b"PK\x03\x04", "spreadsheet"), (b"subject\xfc,walk\n", "no UTF-8 text .byte 0xfc at 7"),
     (b"a\0b", "zero byte"), (b"a,a\n1,2\n", "'a' twice"), (b'a,b\n"x\n', "cannot be read as a CSV")],
)  # fmt: skip
def test_what_is_no_table_is_named(tmp_path, content, words):
    with pytest.raises(DataError, match=words):
        table(tmp_path, content)
    with pytest.raises(DataError, match="is no file"):
        read_table(tmp_path)

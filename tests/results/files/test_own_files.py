"""Names that stay inside a folder, whatever a suite, a system or a person is called."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaitbench.errors import ConfigError, DataError
from gaitbench.results.files.own_files import default_folder, file_name, safe_relative
from gaitbench.results.rows import read_row
from gaitbench.results.schema import Sample


@given(st.text(max_size=120), st.text(max_size=120))
def test_any_text_is_one_file_of_its_own(a, b):
    for text in (a, b):
        name = file_name(text)
        assert name and "/" not in name and "\\" not in name and not name.startswith(".") and len(name) < 100
        assert name.isascii() and safe_relative(name)
    assert (file_name(a) == file_name(b)) == (a == b)


@pytest.mark.parametrize("name", ["model-2", "original", "model-2-silhouette", "081-nm-05-090", "a_b+c.d"])
def test_a_plain_name_stays(name):
    assert file_name(name) == name


@pytest.mark.parametrize("name", ["con", "NUL.txt", "com1", "..", ".hidden", "end.", "a b", "x" * 300, ""])
def test_a_name_that_some_system_refuses_is_changed(name):
    assert file_name(name) != name


@pytest.mark.parametrize(
    "name", ["../../x", "/etc/x", "a/b", "a\\b", "..", ".", "", "C:x", "a\nb", "x" * 300, "\0"]
)
def test_no_name_of_a_run_leads_outside_the_reports(name):
    with pytest.raises(ConfigError, match="cannot be the name of a folder"):
        default_folder(name)


def test_a_name_with_spaces_and_accents_is_a_folder():
    assert default_folder("mein Lauf Nr. 3 (größer)").as_posix() == "reports/mein Lauf Nr. 3 (größer)"


@pytest.mark.parametrize(
    "path", ["../x.png", "/etc/passwd", "a\\..\\x.png", "samples/../../x.png", "C:/x.png", ""]
)
def test_a_sample_outside_the_run_is_refused_with_the_record(path):
    good = {
        "key": "k",
        "angle": 0,
        "condition": "nm",
        "sets": [],
        "frames": 1,
        "height": 1,
        "width": 1,
        "gei": {},
    }
    assert read_row(Sample, good | {"strips": {"original": "samples/k/a.png"}}, "s")
    for field in ("strips", "gei"):
        with pytest.raises(DataError, match="does not lie in the folder"):
            read_row(Sample, good | {"strips": {}} | {field: {"before": path}}, "s")

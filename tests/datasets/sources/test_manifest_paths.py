"""Places in a manifest that no file system has."""

import pytest

from gaitbench.datasets.sources.tables.manifest import read_manifest
from gaitbench.errors import DataError


@pytest.mark.parametrize("place", ["1" * 300, "a/" * 3000])
def test_a_path_that_is_too_long_is_named(tmp_path, place):
    """Found by the fuzz: the system's own error came out as a traceback."""
    (tmp_path / "m.csv").write_text(f"subject,walk,angle,original,anonymized\n081,nm-01,90,{place},a\n")
    with pytest.raises(DataError) as caught:
        read_manifest(tmp_path / "m.csv")
    assert "\n" not in str(caught.value)

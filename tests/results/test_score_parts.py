"""Scores are written part after part, and read as one table."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from fake_run import provenance

from gaitbench.errors import DataError
from gaitbench.results.files import score_parts
from gaitbench.results.files.score_parts import ScoreParts
from gaitbench.results.record import Record
from gaitbench.results.schema import SCORE_COLUMNS


def frame(count, angle=90, **cell):
    columns = {name: cell.get(name, "x") for name in SCORE_COLUMNS}
    numbers = {"value": np.arange(count) / 7, "angle": angle, "key": [f"k{i}" for i in range(count)]}
    return pd.DataFrame(columns | numbers, index=range(count))


def saved(folder, *frames):
    record = Record(provenance(), scores=ScoreParts([lambda one=one: one for one in frames]))
    record.save(folder)
    return pq.ParquetFile(folder / "scores.parquet")


def test_row_groups_are_filled_whatever_the_parts_are(tmp_path, monkeypatch):
    monkeypatch.setattr(score_parts, "GROUP", 5)
    frames = [frame(3, measure="a"), frame(9, measure="b"), frame(1, measure="c")]
    file = saved(tmp_path, *frames)
    groups = [file.metadata.row_group(i).num_rows for i in range(file.metadata.num_row_groups)]
    assert groups == [5, 5, 3]
    whole = pd.concat(frames, ignore_index=True)
    pd.testing.assert_frame_equal(Record.load(tmp_path).scores, whole, check_dtype=False)


def test_a_small_file_is_that_of_a_table_written_at_once(tmp_path):
    frames = [frame(3), frame(4)]
    saved(tmp_path / "parts", *frames)
    schema = pa.schema(
        [
            (n, {"str": pa.string(), "int": pa.int32(), "float": pa.float64()}[k])
            for n, k in SCORE_COLUMNS.items()
        ]
    )
    whole = pa.Table.from_pandas(pd.concat(frames, ignore_index=True), schema=schema, preserve_index=False)
    pq.write_table(whole, tmp_path / "whole.parquet", compression="zstd")
    assert (tmp_path / "parts" / "scores.parquet").read_bytes() == (tmp_path / "whole.parquet").read_bytes()


def test_numbers_of_labels_widen_the_rows_before_them_too(tmp_path):
    file = saved(tmp_path, frame(2), frame(2, angle=2**51))
    assert file.schema_arrow.field("angle").type == pa.int64()
    assert file.read()["angle"].to_pylist() == [90, 90, 2**51, 2**51]


def test_a_part_that_cannot_be_written_leaves_the_earlier_record(tmp_path):
    saved(tmp_path, frame(3))
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    with pytest.raises(DataError, match="no column named"):
        saved(tmp_path, frame(2), frame(2).drop(columns="named"))
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_record_without_scores_has_an_empty_table(tmp_path):
    assert saved(tmp_path).read().num_rows == 0
    assert list(Record(provenance()).scores.columns) == list(SCORE_COLUMNS)

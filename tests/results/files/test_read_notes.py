"""Notes of how files were read: those that differ in a count are one line, all others stay apart."""

from gaitbench.results.files.read_notes import read_lines


def test_notes_that_differ_in_a_count_are_one_line():
    gap = "frame numbers missing between the first and the last"
    read = {f"anonymized: {n} {gap}": n for n in (1, 3, 6)}
    read |= {f"original: 2 {gap}": 1, "original: frame rate assumed: 25 a second": 36, "at 30 a second": 1}
    assert read_lines(read) == [
        f"Read: 10 sequences, anonymized: 1 to 6 {gap}", f"Read: 1 sequence, original: 2 {gap}",
        "Read: 36 sequences, original: frame rate assumed: 25 a second", "Read: 1 sequence, at 30 a second",
    ]  # fmt: skip
    assert read_lines({}) == []

"""Write the golden run and its tables again: ``python tests/golden/write_golden.py``.

``run_v1`` is a record as version 0.1.0 wrote it and is never written again.
Look at the difference before committing it: every changed byte is a change of what users read.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from fake_run import second_record

from gaitbench.reporting.report import write_tables

HERE = Path(__file__).parent


def main():
    shutil.rmtree(HERE / "tables", ignore_errors=True)
    record = second_record()
    record.save(HERE / "run")
    write_tables(record, HERE / "tables")


if __name__ == "__main__":
    main()

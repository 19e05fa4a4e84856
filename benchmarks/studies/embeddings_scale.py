"""How long, and in how much memory, a large set of embeddings is judged: a made set, through the command line.

    python -m benchmarks.studies.embeddings_scale [people] [views]

10,000 people, 14 views, 2 walks: 280,000 embeddings of 256 float32 a file. The made anonymizer keeps a tenth of what
tells people apart, so that the figures are neither 0 nor 100.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

SIZE, LEFT = 256, 0.1


def made(people: int, views: int, kept: float, seed: int) -> dict[str, np.ndarray]:
    """Embeddings of two walks at each view; `kept` of the person's own part is left in them."""
    own = np.random.default_rng(0).normal(size=(people, SIZE)).astype(np.float32)
    rng = np.random.default_rng(seed)
    subject, walk, view = (a.ravel() for a in np.indices((people, 2, views)))
    x = np.float32(kept) * own[subject]
    for start in range(0, len(x), 50_000):
        x[start : start + 50_000] += rng.normal(size=(len(x[start : start + 50_000]), SIZE)).astype(
            np.float32
        )
    return {
        "embeddings": x, "subject": subject + 1, "walk": np.array(["01", "00"])[walk], "view": view * 15,
    }  # fmt: skip


def main(people: int = 10_000, views: int = 14) -> None:
    with tempfile.TemporaryDirectory() as folder:
        files = []
        for name, kept, seed in (("original", 1.0, 1), ("anonymized", LEFT, 2)):
            files.append(str(Path(folder) / f"{name}.npz"))
            np.savez(files[-1], **made(people, views, kept, seed))
        command = [
            sys.executable, "-m", "gaitbench", "evaluate", "--embeddings", *files, "--gallery", "01", "--probe", "00",
            "--output", f"{folder}/out", "--quiet",
        ]  # fmt: skip
        begun = time.perf_counter()
        done = subprocess.run(command, capture_output=True, text=True)
        seconds = time.perf_counter() - begun
        print(done.stdout[:600], done.stderr[-2000:])
        record = json.loads((Path(folder) / "out" / "run.json").read_text())
        for stage in record["stages"]:
            print(f"{stage['name']:<28}{stage['seconds']:8.1f} s {stage['peak_memory_mb']:8.0f} MB")
        for row in record["tables"]["identification"]:
            shown = {
                k: row[k] for k in ("anonymizer", "attacker", "n", "people", "rank1", "map", "eer", "d_sys")
            }
            print(shown)
        peak = max(stage["peak_memory_mb"] or 0 for stage in record["stages"])
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        print(f"{used.ru_utime + used.ru_stime:.0f} s of processors")
        print(f"exit {done.returncode}, {seconds:.0f} s, at most {peak:.0f} MB")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))

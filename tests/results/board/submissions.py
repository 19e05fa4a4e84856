"""Submissions that hang together."""

import json

import msgspec

from gaitbench.results.board.submission import Submission, protocol_hash

PROTOCOL = {"attackers": "a" * 64, "data": "b" * 64, "split": "c" * 64}


def document(system="model-2", named=40.0, half=5.0, **changes):
    """What stands in a file, with an interval of `half` points to each side."""
    protocol = changes.pop("protocol", PROTOCOL)
    ends = {"low": max(0.0, named - half), "high": min(100.0, named + half)}
    return {
        "gaitbench_submission": 1, "system": system, "suite": "quick",
        "dataset": {"name": "walkers", "fingerprint": "f" * 16, "rendered": True},
        "protocol": protocol, "protocol_hash": protocol_hash(protocol), "people": 40, "probes": 1000,
        "named": {"value": named, **ends},
        "attack": {
            "attacker": "semi-informed", "recognizer": "robust-vtm", "input": "silhouette", "gallery": "all-views",
        },
        "untouched": 90.0, "made": "2026-01-02T03:04:05Z", "version": "0.1.0",
    } | changes  # fmt: skip


def submission(*arguments, **changes):
    return msgspec.convert(document(*arguments, **changes), Submission)


def write(path, *arguments, **changes):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document(*arguments, **changes)))
    return path

"""A run whose every name is hostile to one of the formats it is written in."""

import json

from fake_run import fake_record, write_fake_run

from gaitbench.results.record import Record

#: What a name of the fake run becomes.
HOSTILE = {
    "robust-vtm": "<script>window.hacked=1;alert(1)</script>",
    "gei-lda": "</script><svg onload=window.hacked=2>",
    "tsvd-vtm": "$x_1$ -- it's {{ 7*7 }}",
    "appearance": "@SUM(A1:A9)",
    "model-1": '=HYPERLINK("http://example.com","x")',
    "deform": "\\input{/etc/passwd}",
    "proposed": '"><img src=x onerror="window.hacked=3">',
    "baseline": "100%^^41 #1 & ~",
    "nearest": "+1",
    "walkers": "../../outside",
    "textural": "\tcmd|' /C calc'!A0",
    "082-nm-05-090": "-2-nm-05-090\u2028</script>",
    "083-nm-06-036": "\u202egnp.exe\u202c",
    "quick": "[/red]\x1b[31m`",
}


def _turned(value):
    if isinstance(value, str):
        return HOSTILE.get(value, value)
    if isinstance(value, dict):
        # the fields of the schema stay; what maps a name to a thing does not
        return {HOSTILE.get(name, name): _turned(one) for name, one in value.items()}
    return [_turned(one) for one in value] if isinstance(value, list) else value


def hostile_run(folder):
    """Folder of a run with pictures, every name of which is hostile; its report is not written yet."""
    write_fake_run(folder)
    document = _turned(Record.load(folder).to_dict())
    extra = HOSTILE.values()
    document["failures"] += [{"stage": name, "cell": f"recognizer={name}", "message": name} for name in extra]
    document["checks"] += [
        {"name": name, "passed": False, "detail": name, "kind": "control"} for name in extra
    ]
    document["provenance"]["dataset"]["missing"] = list(extra)
    document["provenance"]["suite"] = {
        "systems": {"anonymizers": [HOSTILE["model-1"]]},
        **dict.fromkeys(extra, "x"),
    }
    scores = fake_record().scores.replace(HOSTILE)
    record = Record.from_dict(json.loads(json.dumps(document)), scores)
    record.save(folder)
    return folder

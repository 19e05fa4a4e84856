"""Plug-ins that fail in every way: each is a failed cell with its package's name, the rest of the run is computed."""

import json

import pytest
from command_line import gaitbench
from plug_ins import environment, install
from test_one_line_each import MODULE, SUITE

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("broken")]  # whole runs

BROKEN = (
    MODULE
    + """

class Wrong(Lower):
    name = "wrong-shape"

    def anonymize(self, sequence, rng):
        return sequence.silhouettes[:-1]


class Writing(Lower):
    name = "writing"

    def anonymize(self, sequence, rng):
        sequence.silhouettes[:] = False
        return sequence.silhouettes


class Leaving(Lower):
    name = "leaving"

    def fit(self, sequences, *, seed, **given):
        raise SystemExit("bye")


class Nothing(Grey):
    name = "nan-painter"

    def colorize(self, rgb, silhouettes, anonymized):
        return np.full(rgb.shape, np.nan, np.float32)


class Blackening(Grey):
    name = "blackening"

    def colorize(self, rgb, silhouettes, anonymized):
        rgb[:] = 0
        return np.zeros(rgb.shape, np.float32)


class OneRow(Rows):
    def rank(self, X, *, angle):
        return tuple(part[:1] for part in super().rank(X, angle=angle))


class NanRows(Rows):
    def distances(self, X, *, angle):
        return np.full((len(X), len(self.people)), np.nan, np.float32)


class Overwriting(Rows):
    def fit(self, X, y, *, angle, walk=None):
        X[:] = 0
        return self


class Raising(Shown):
    name = "raising"

    def gallery(self, views, cell, reads, ordinary):
        raise KeyError("nobody")


class Cut(Shown):
    name = "cut"

    def distances(self, recognizers, views, cell, reads, ordinary, shown, noises):
        from dataclasses import replace

        found = super().distances(recognizers, views, cell, reads, ordinary, shown, noises)
        return replace(found, values=found.values[:1])


def few(shown, target, *, region=None):
    return np.zeros(1)


def raises(shown, target, *, region=None):
    raise RuntimeError("no\\nmeasure")


def sulk(after, before, *, period, fps):
    raise RuntimeError("no\\nuse")


def word(after, before, *, period, fps):
    return "much"


SULKING = UtilityMeasure("sulking", sulk, "higher", "Sulking")
WORD = UtilityMeasure("word", word, "lower", "Word")


def make_nothing(experiment):
    raise SystemExit(3)


def show_nothing(record):
    return Table("table_odd", "Odd", (), (Column("a", "A", 1),), (Row((Cell(object()),)),))


RAISING_TABLE = ReportTable("details", show, row=Height, rows="tp_nothing", make=make_nothing)
ODD_TABLE = ReportTable("details", show_nothing)
NUMBER = 3
"""
)
MODULES = {
    "broken": BROKEN,
    "broken_import": "raise RuntimeError('no driver')\n",
    "broken_syntax": "def (:\n",
    "broken_exit": "raise SystemExit('licence ended')\n",
}
IMPORTS = ("broken_import:X", "broken_syntax:X", "broken_exit:X", "broken:Missing")
LATE = {
    "anonymizer": {"wrong-shape": "Wrong", "writing": "Writing", "leaving": "Leaving", "number": "NUMBER"},
    "colorizer": {"nan-painter": "Nothing", "blackening": "Blackening", "paint-number": "NUMBER"},
    "recognizer": {"one-row": "OneRow", "nan-rows": "NanRows", "overwriting": "Overwriting", "rec-number": "NUMBER"},
    "rung": {"raising": "Raising", "cut": "Cut", "rung-number": "NUMBER"},
    "metric": {"few": "few", "raises": "raises", "metric-number": "NUMBER"},
    "utility_measure": {"sulking": "SULKING", "word": "WORD", "utility-number": "NUMBER"},
    "table": {"raising-table": "RAISING_TABLE", "odd-table": "ODD_TABLE", "table-number": "NUMBER"},
}  # fmt: skip
GOOD = {
    "anonymizer": {"tp-lower": "Lower"}, "colorizer": {"tp-grey": "Grey"}, "recognizer": {"tp-rows": "Rows"},
    "metric": {"tp-steady": "STEADY"}, "utility_measure": {"tp-share": "SHARE"}, "rung": {"tp-shown": "Shown"},
    "table": {"tp-heights": "HEIGHTS"},
}  # fmt: skip
PLACES = {
    "anonymizer": ("systems", "anonymizers"), "colorizer": ("systems", "colorizers"),
    "recognizer": ("systems", "recognizers"), "rung": ("attacks", "attackers"), "metric": ("quality", "measures"),
}  # fmt: skip


def _bad():
    """Kind -> names that cannot be loaded, one a way in which an import goes wrong."""
    return {kind: {f"{kind}-{i}": place for i, place in enumerate(IMPORTS)} for kind in LATE}


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    folder = tmp_path_factory.mktemp("broken")
    bad = _bad()
    points = {
        kind: {name: f"broken:{thing}" for name, thing in {**GOOD[kind], **LATE[kind]}.items()} | bad[kind]
        for kind in LATE
    }
    install(folder / "site", "broken-things", MODULES, points)
    text = SUITE
    for kind, (_, key) in PLACES.items():
        line = next(one for one in text.splitlines() if one.startswith(f"{key} = "))
        names = [*LATE[kind], *bad[kind]]
        more = ", ".join(f'"{name}"' for name in names)
        text = text.replace(line, f"{line[:-1]}, {more}]", 1)
    (folder / "cut.toml").write_text(text, encoding="utf-8")
    done = gaitbench(
        "run-all", "--suite", "cut.toml", "--store", "store", "--output", "out", "--jobs", "1", "--quiet",
        cwd=folder, env=environment(folder / "site"), check=False,
    )  # fmt: skip
    return folder, done


def test_the_run_goes_on_and_ends_with_1(ran):
    folder, done = ran
    assert done.returncode == 1, done.stdout[-3000:] + done.stderr[-3000:]
    assert "Traceback" not in done.stdout + done.stderr
    assert (folder / "out" / "report.html").is_file()


@pytest.mark.parametrize("kind", list(LATE))
def test_each_is_named_with_its_package(ran, kind):
    failures = json.loads((ran[0] / "out" / "run.json").read_text(encoding="utf-8"))["failures"]
    page = (ran[0] / "out" / "report.html").read_text(encoding="utf-8")
    for name in [*LATE[kind], *_bad()[kind]]:
        mine = [one for one in failures if name in one["cell"] + one["message"]]
        said = [one["message"] for one in mine if "broken-things (broken" in one["message"]]
        # what a table shows is made when the page is written: it says so itself
        assert said or f"table {name} of broken-things" in page, (name, mine)
        assert all("\n" not in message and len(message) < 700 for message in said), said


def test_what_is_whole_has_its_figures(ran):
    record = json.loads((ran[0] / "out" / "run.json").read_text(encoding="utf-8"))
    tables = record["tables"]
    attacks = {(r["anonymizer"], r["attacker"], r["recognizer"]) for r in tables["identification"]}
    assert ("tp-lower", "tp-shown", "tp-rows") in attacks and ("tp-lower", "ignorant", "gei-nn") in attacks
    assert not {r["recognizer"] for r in tables["identification"]} & {
        *LATE["recognizer"],
        *_bad()["recognizer"],
    }
    assert not {r["attacker"] for r in tables["identification"]} & {*LATE["rung"], *_bad()["rung"]}
    # who is not anonymized is found
    worst = [
        r for r in tables["success_rate"] if r["anonymizer"] in ("wrong-shape", "anonymizer-0") and r["s"]
    ]
    assert worst and all(r["m"] == 0 for r in worst)
    measured = [r for r in tables["quality"] if r["anonymizer"] == "tp-lower" and r["n"]]
    assert {r["colorizer"] for r in measured} == {"tp-grey", "nearest"}
    assert all(r["ssim"] is not None for r in measured)
    values = {r["measure"]: r["value"] for r in tables["picture_measures"] if r["colorizer"] == "tp-grey"}
    assert values["tp-steady"] > 0 and values["few"] is None and values["raises"] is None
    assert len(tables["tp_heights"]) == 4
    useful = {r["measure"] for r in tables["utility"] if r["anonymizer"] == "tp-lower"}
    assert {"tp-share", "opening"} <= useful and not useful & {
        *LATE["utility_measure"],
        *_bad()["utility_measure"],
    }
    asked = record["provenance"]["suite"]
    for kind, (part, key) in PLACES.items():
        names = {one["name"] if isinstance(one, dict) else one for one in asked[part][key]}
        assert set(_bad()[kind]) <= names


def test_the_list_shows_what_cannot_be_loaded(ran):
    done = gaitbench("list", cwd=ran[0], env=environment(ran[0] / "site"))
    lines = {line.split()[0]: line for line in done.stdout.splitlines() if line.startswith("  ")}
    for kind, named in _bad().items():
        for name in named:
            assert "broken-things (broken" in lines[name] and "BROKEN: " in lines[name], (kind, lines[name])
    assert "licence ended" in lines["anonymizer-2"] and "SyntaxError" in lines["anonymizer-1"]
    assert "BROKEN" not in lines["tp-lower"]

"""Every rung hands sequences to recognizers frame by frame, in the order in which they were filmed, without gaps."""

import dataclasses

import numpy as np
import pytest
from drawn_people import FRAMES, draw
from stamped_frames import Recorder, stamps

from gaitbench.errors import GaitbenchError
from gaitbench.evaluation.attacks.ladder import Ladder
from gaitbench.evaluation.attacks.plan import Cell
from gaitbench.evaluation.attacks.views import Views
from gaitbench.evaluation.run.needs import needs_of_role
from gaitbench.evaluation.run.setup import open_run
from gaitbench.evaluation.stages.prepare import prepare_all
from gaitbench.evaluation.stages.prepared import load_prepared
from gaitbench.evaluation.stages.systems import Systems
from gaitbench.registry import ANONYMIZERS, RECOGNIZERS, RUNGS
from gaitbench.results.schema_attacks import Attack

SUITE = """
[data]
frames = 12
angles = [90]
[split]
recognizer = "001-002"
models = "007"
test = "081-083"
[walks]
recognizer = ["nm-01"]
models = ["nm-01"]
gallery = ["nm-01"]
probe = ["nm-05"]
"""


@pytest.fixture(scope="module")
def ladder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("stamped")
    (folder / "own.toml").write_text(SUITE, encoding="utf-8")
    data = draw(folder / "data", [1, 2, 7, 81, 82, 83])
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(ANONYMIZERS._builtin, "stamp", "stamped_frames:Stamp")
        patch.setitem(RECOGNIZERS._builtin, "recorder", "stamped_frames:Recorder")
        run = open_run(str(folder / "own.toml"), data=data, store=folder / "store", jobs=1)
        needs = {
            role: prepare_all(run, needs_of_role(run, role)) for role in ("recognizer", "gallery", "probe")
        }
        systems = Systems(run, prepare_all(run, needs_of_role(run, "models")))
        yield Ladder(run, Views(run, systems, needs))


def attacked(ladder, rung, anonymizer="stamp"):
    """What the recognizer was given under a rung: (verb, silhouettes) each."""
    Recorder.given = []
    cell = Cell(anonymizer, "none", Attack(rung, "recorder", "silhouette", "all-views"))
    # another store for each: distances that are kept would be measured by nobody
    run = dataclasses.replace(ladder.run, store=type(ladder.run.store)(ladder.run.store.root / rung))
    again = Ladder(run, ladder.views)
    again.outcome(cell)
    return Recorder.given


# what de-anonymize makes of frames is no longer stamped; `test_restoring` looks at their order
@pytest.mark.parametrize(
    "rung", [r for r in RUNGS.names() if "silhouettes" in RUNGS.get(r).reads and r != "de-anonymize"]
)
def test_frames_come_in_their_order(ladder, rung):
    given = attacked(ladder, rung)
    filmed = [
        load_prepared(ladder.run, need, key).sequence.silhouettes
        for needs in ladder.views.needs.values()
        for need, key in needs.items()
    ]
    shown = dict.fromkeys(("fit", "enroll", "probe"), 0)
    for verb, frames in given:
        numbers = stamps(frames)
        if numbers is None:
            assert any(np.array_equal(frames, one) for one in filmed)
        else:
            assert numbers == list(range(FRAMES))
            shown[verb] += 1
    expected = {"ignorant": {"probe"}, "lazy-informed": {"enroll", "probe"}}.get(
        rung, {"fit", "enroll", "probe"}
    )
    assert {verb for verb, count in shown.items() if count} == expected


@pytest.mark.parametrize("rung", ["ignorant", "semi-informed"])
def test_an_attacker_borrows_the_encoder_of_the_system(ladder, rung):
    attack = Attack(rung, 'pose-code[system="stamp"]', "silhouette", "all-views")
    found = ladder.outcome(Cell("stamp", "none", attack))
    assert np.isfinite(found.after).all() and len(set(found.named_before)) > 1
    with pytest.raises(GaitbenchError, match="original reads no pose codes"):
        ladder.outcome(
            Cell("stamp", "none", Attack(rung, 'pose-code[system="original"]', "silhouette", "all-views"))
        )

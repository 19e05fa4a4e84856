"""Who paints what: all trainings paint the first anonymizer, and as many as the suite says the others."""

from dataclasses import replace

from gaitbench.errors import GaitbenchError
from gaitbench.evaluation.pictures.painters import trainings_left_out, trainings_shown
from gaitbench.suites import load_suite

TRAININGS = ("proposed", "proposed[seed=1]", "proposed[seed=2]")


def test_all_trainings_paint_the_first_anonymizer_and_fewer_the_others():
    suite = load_suite("standard")
    first, *others = suite.systems.anonymizer_names
    assert trainings_shown(suite, first, TRAININGS) == TRAININGS
    for name in others:
        assert trainings_shown(suite, name, TRAININGS) == TRAININGS[:1]
    for control in suite.systems.controls:  # what is true of a colour is told on the oracle, over trainings
        assert trainings_shown(suite, control, TRAININGS) == TRAININGS
    for most, number in ((0, 3), (2, 2), (9, 3)):
        asked = replace(suite, quality=replace(suite.quality, others_trainings=most))
        assert trainings_shown(asked, "deform", TRAININGS) == TRAININGS[:number]


def test_trainings_that_do_not_paint_are_named():
    suite = load_suite("standard")
    (row,) = trainings_left_out(suite, lambda name: TRAININGS if name == "proposed" else (name,))
    assert row.table == "quality" and row.what.startswith("2 of 3 trainings of proposed on every anonymizer")

    def broken(name):
        raise GaitbenchError("it cannot be built")

    assert trainings_left_out(suite, broken) == []  # it is named where it should have painted
    everybody = replace(suite, quality=replace(suite.quality, others_trainings=0))
    assert trainings_left_out(everybody, lambda name: TRAININGS) == []
    alone = replace(suite, systems=replace(suite.systems, anonymizers=suite.systems.anonymizers[:1]))
    assert trainings_left_out(alone, lambda name: TRAININGS) == []

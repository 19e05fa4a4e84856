"""Tracks: gaps end them, meetings part them, and what a person is torn into at the side of the picture does not."""

import numpy as np
import pytest

from gaitbench.clips.people.tracks import GAP, Tracker

SIZE = (100, 300)


def block(left, top, right, bottom):
    mask = np.zeros(SIZE, bool)
    mask[max(0, top) : max(0, bottom), max(0, left) : max(0, right)] = True
    return mask


def person(x, height=80):
    return block(x, 95 - height, x + height // 3, 95)


def followed(frames):
    """Every track of a film: (first place, last place, met)."""
    tracker, found = Tracker(), []
    for place, masks in enumerate(frames):
        found += tracker.frame(place, [(None, mask) for mask in masks if mask.any()])
    found += tracker.rest()
    return sorted((t.seen[0].place, t.seen[-1].place, t.met) for t in found)


def test_a_leg_that_enters_before_its_trunk_is_nobody_else():
    frames = [[block(0, 60, 6, 95)], [block(0, 60, 9, 95), block(0, 15, 5, 50)]]
    frames += [[person(3 * t - 20)] for t in range(3, 60)]
    assert (1, 58, False) in followed(frames) or (0, 58, False) in followed(frames)
    assert not any(met for _, _, met in followed(frames))


@pytest.mark.parametrize("behind", [70, 80])
def test_people_who_hide_each_other_are_parted(behind):
    frames = []
    for t in range(60):
        one, other = person(4 * t), person(240 - 4 * t, behind)
        frames.append([one | other] if (one & other).any() else [one, other])
    tracks = followed(frames)
    whole = [(a, b) for a, b, met in tracks if not met]
    assert len(whole) == 4 and sum(met for _, _, met in tracks) == 1
    ends, begins = max(b for a, b in whole if a == 0), min(a for a, b in whole if b == 59)
    assert ends < begins, "no track goes through the meeting"


def test_a_second_without_a_person_ends_a_track_and_less_does_not():
    def frames(gap):
        return [
            *([person(50)] for _ in range(12)),
            *([] for _ in range(gap)),
            *([person(52)] for _ in range(12)),
        ]

    assert len(followed(frames(GAP - 2))) == 1 and len(followed(frames(GAP + 2))) == 2

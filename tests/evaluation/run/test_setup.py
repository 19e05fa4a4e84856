"""Which data a suite opens."""

from dataclasses import replace

import pytest

from gaitbench.datasets.walkers import Walkers
from gaitbench.datasets.walkers.films import FILMS, FilmedWalkers
from gaitbench.datasets.walkers.uneven import UnevenWalkers
from gaitbench.errors import ConfigError
from gaitbench.evaluation.run.protocol_hash import protocol_of
from gaitbench.evaluation.run.setup import open_dataset, open_run
from gaitbench.protocol import FILM_NAMES
from gaitbench.suites import load_suite


def filmed(camera, suite="smoke"):
    plain = load_suite(suite)
    return replace(plain, data=replace(plain.data, camera=camera, seed=3))


def test_a_suite_may_have_the_walkers_on_another_film_and_is_then_another_protocol(tmp_path):
    assert set(FILM_NAMES) == set(FILMS)
    data = open_dataset(filmed("cctv"), None)
    assert isinstance(data, FilmedWalkers) and (data.film, data.seed) == ("cctv", 3)
    assert type(open_dataset(filmed(""), None)) is Walkers
    one, other = (
        protocol_of(open_run(filmed(camera), store=tmp_path / "store"))["data"]["hash"]
        for camera in ("cctv", "")
    )
    assert one != other


def test_another_film_is_refused_where_there_are_other_pictures_or_another_session(tmp_path):
    with pytest.raises(
        ConfigError, match=r"data\.camera 'cctv' is of the embedded walkers, and --data has pictures"
    ):
        open_dataset(filmed("cctv"), tmp_path)
    with pytest.raises(ConfigError, match="has walks of the first session alone, and the suite asks for 2@"):
        open_dataset(filmed("cctv", "cross-session"), None)


def test_a_suite_may_have_uneven_walkers(tmp_path):
    def uneven(suite, **more):
        plain = load_suite(suite)
        return replace(plain, data=replace(plain.data, walkers="uneven", seed=3, **more))

    data = open_dataset(uneven("smoke"), None)
    assert isinstance(data, UnevenWalkers) and data.seed == 3
    with pytest.raises(ConfigError, match=r"data\.walkers 'uneven' is of the embedded walkers, and --data"):
        open_dataset(uneven("smoke"), tmp_path)
    with pytest.raises(ConfigError, match="'uneven' has walks of the first session alone"):
        open_dataset(uneven("cross-session"), None)
    with pytest.raises(ConfigError, match="on the usual film alone, and film 'cctv'"):
        open_dataset(uneven("smoke", camera="cctv"), None)

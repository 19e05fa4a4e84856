"""Claims: one holder at a time, alive by its heartbeat, taken over when it is gone."""

import json
import os
import subprocess
import sys
import threading
import time

import pytest

from gaitbench.errors import ConfigError
from gaitbench.store import Store
from gaitbench.store.claims import Claims

NAME = "0123456789abcdef" * 2


def claims(tmp_path, **more):
    return Claims(Store(tmp_path / "store"), **more)


def test_one_holds_it_and_gives_it_back(tmp_path):
    with claims(tmp_path) as one, claims(tmp_path) as other:
        held = one.take(NAME)
        assert held is not None and held.tries == 0 and other.take(NAME) is None
        assert [name for name, _ in other.held()] == [NAME]
        one.give_back(held)
        assert not held.path.exists()
        again = other.take(NAME)
        assert again is not None and again.tries == 0
    assert list((tmp_path / "store" / ".claims").iterdir()) == [], "what is held is given back at the end"


def test_of_many_who_ask_at_once_one_gets_it(tmp_path):
    with claims(tmp_path) as one:
        got, begin = [], threading.Barrier(8)

        def ask():
            begin.wait()
            got.append(one.take(NAME))

        threads = [threading.Thread(target=ask) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sum(claim is not None for claim in got) == 1


def elsewhere(path, **more):
    """Make a claim look like that of another machine."""
    path.write_text(json.dumps({**json.loads(path.read_text()), "host": "another", **more}))


def test_a_claim_that_nobody_touches_is_taken_over_and_its_tries_are_counted(tmp_path):
    with claims(tmp_path) as one, claims(tmp_path, beat=0.05, stale=0.3) as other:
        held = one.take(NAME)  # its own heart beats every ten seconds
        elsewhere(held.path)
        assert other.take(NAME) is None
        time.sleep(0.4)
        taken = other.take(NAME)
        assert taken is not None and taken.tries == 1
        one.give_back(held)
        assert taken.path.exists(), "it is no longer the first one's to give back"
        elsewhere(taken.path)
        os.utime(taken.path, (1, 1))
        other._held.clear()
        assert other.take(NAME).tries == 1, "tries of long ago are forgotten"


def test_a_claim_that_is_left_tells_its_tries(tmp_path):
    with claims(tmp_path, beat=0.05, stale=0.3) as one, claims(tmp_path, beat=0.05, stale=0.3) as other:
        held = one.take(NAME)
        elsewhere(held.path, tries=2)
        one.leave(held)
        time.sleep(0.5)
        taken = other.take(NAME)
        assert taken.tries == 3
        other.leave(taken)
    assert held.path.exists()


def test_a_claim_that_is_touched_stays(tmp_path):
    with claims(tmp_path, beat=0.05, stale=0.3) as one, claims(tmp_path, beat=0.05, stale=0.3) as other:
        held = one.take(NAME)
        elsewhere(held.path)
        time.sleep(0.6)
        assert other.take(NAME) is None


def test_a_process_that_is_gone_on_this_machine_is_known_at_once(tmp_path):
    code = (
        "import os, sys\nfrom gaitbench.store import Store\nfrom gaitbench.store.claims import Claims\n"
        f"c = Claims(Store(sys.argv[1])); c.__enter__(); assert c.take({NAME!r})\nos._exit(9)"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path / "store")], check=False)
    with claims(tmp_path) as one:
        assert list(one.held()) == []
        taken = one.take(NAME)
        assert taken is not None and taken.tries == 1


def test_a_damaged_claim_is_stale_by_its_time_alone(tmp_path):
    with claims(tmp_path, beat=0.05, stale=0.3) as one:
        path = tmp_path / "store" / ".claims" / NAME
        path.write_bytes(b"\xff{")
        assert one.take(NAME) is None
        os.utime(path, (1, 1))
        assert one.take(NAME) is not None


def test_what_cannot_be_is_one_line(tmp_path):
    with pytest.raises(ConfigError, match="must be touched every 1 s or less"):
        claims(tmp_path, beat=2.0, stale=3.0)
    (tmp_path / "store").write_text("a file")
    with pytest.raises(ConfigError, match="cannot be written"), claims(tmp_path):
        pass

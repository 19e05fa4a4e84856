"""Shares of a batch: gradients of all processes add up to that of one; precision; the same curve by torchrun."""

import json
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from gaitbench.errors import ConfigError, ModelError
from gaitbench.training import Ranks, Session


@pytest.mark.parametrize(
    ("number", "group", "count"), [(6, 1, 1), (7, 1, 3), (12, 3, 2), (60, 3, 7), (4, 1, 4)]
)
def test_shares_cover_a_batch_and_keep_groups(number, group, count):
    parts = [Ranks(rank, count).rows(number, group=group) for rank in range(count)]
    assert [i for p in parts for i in range(p.start, p.stop)] == list(range(number))
    assert all(p.start % group == 0 and p.stop > p.start for p in parts)


def test_more_processes_than_pictures():
    with pytest.raises(ModelError, match="start fewer"):
        Ranks(0, 5).rows(4)


def test_launchers_variables(monkeypatch):
    for name in ("RANK", "WORLD_SIZE"):
        monkeypatch.delenv(name, raising=False)
    assert Ranks.from_launcher().count == 1
    monkeypatch.setenv("RANK", "0")
    with pytest.raises(ConfigError, match="torchrun"):
        Ranks.from_launcher()


class OneOfTwo(Ranks):
    """One of two processes whose partner is played by hand."""

    def gather(self, own, number, rows):
        whole = self.whole.clone()
        whole[rows] = own.detach()
        return torch.cat([whole[: rows.start], own, whole[rows.stop :]])

    def sum_gradients(self, parameters):
        self.found = [p.grad.clone() for p in parameters]


def test_gradients_of_the_shares_add_up_to_the_whole():
    """Also for a loss that divides by a sum over the batch, and for uneven shares."""
    torch.manual_seed(0)
    network = nn.Sequential(nn.Linear(3, 5), nn.Tanh(), nn.Linear(5, 2))
    inputs, weights = torch.randn(7, 3), torch.rand(7, 1)

    def loss(made):
        return (made.abs() * weights).sum() / weights.sum() + made.std()

    loss(network(inputs)).backward()
    wanted = [p.grad.clone() for p in network.parameters()]
    total = [torch.zeros_like(g) for g in wanted]
    for rank in range(2):
        ranks = OneOfTwo(rank, 2)
        ranks.whole = network(inputs).detach()
        session = Session(ranks=ranks)
        session.descend(loss(session.run(network, inputs)), torch.optim.SGD(network.parameters(), 0.0))
        total = [a + b for a, b in zip(total, ranks.found, strict=True)]
    for one, both in zip(wanted, total, strict=True):
        torch.testing.assert_close(one, both)


def test_precision():
    network = nn.Linear(4, 2)
    inputs = torch.randn(8, 4, generator=torch.Generator().manual_seed(0))
    full = Session().run(network, inputs)
    half = Session(precision="bf16").run(network, inputs)
    assert half.dtype == torch.float32 and network.weight.dtype == torch.float32
    assert 0 < (full - half).abs().max() < 0.05
    with pytest.raises(ConfigError, match="needs a GPU"):
        Session(precision="fp16").begin("x", None, [], seed=0, effort=1.0, device=torch.device("cpu"))


def test_scaled_gradients_come_out_unscaled():
    """The scaler of fp16, run on the processor: same step, and an overflow is skipped."""
    steps = []
    for scaler in (None, torch.amp.GradScaler("cpu", init_scale=1024.0)):
        weight = nn.Parameter(torch.tensor([3.0]))
        session = Session()
        session.scaler_ = scaler
        session.descend((weight**2).sum(), torch.optim.SGD([weight], 0.1), clip=1.0)
        steps.append(weight.item())
        if scaler is not None:
            session.descend((weight * float("inf")).sum(), torch.optim.SGD([weight], 0.1))
            assert weight.item() == steps[-1] and scaler.get_scale() < 1024.0
    assert steps[0] == pytest.approx(2.9) and steps[1] == pytest.approx(steps[0])


WORKER = """
import json, sys
sys.path[:0] = [{people!r}, {root!r}]
import torch
torch.set_num_threads(1)
from pathlib import Path
from stick_people import crowd
from gaitbench.anonymizers.model2.adversarial import AdversarialSettings
from gaitbench.anonymizers.model2.anonymizer import Model2, Model2Settings
from gaitbench.colorizers.learned.proposed import Proposed, ProposedSettings
from gaitbench.training import Ranks, Session

ranks = Ranks.from_launcher()
people = crowd(subjects=range(1, 4), frames=8)
training = AdversarialSettings(steps=8, encoder_steps=4, clips=5, windows=7)
found = {{}}
for system in (
    Proposed(ProposedSettings(width=4, steps=10, batch=5, threads=1)),
    Model2(Model2Settings(width=4, code=4, style=4, threads=1, training=training)),
):
    system.fit(people, seed=5, session=Session(ranks=ranks))
    found[system.name] = [system.history_, {{k: v.ravel().tolist() for k, v in system.state().items()}}]
ranks.wait()
Path(sys.argv[1] + str(ranks.rank)).write_text(json.dumps(found))
ranks.leave()
"""


@pytest.mark.slow
def test_two_processes_draw_the_same_curve(tmp_path, monkeypatch):
    """Uneven batches of 5 and 7 on two processes over gloo, against one process: colorizer and Model 2."""
    torchrun = Path(sys.executable).with_name("torchrun")
    if not torchrun.is_file():
        found = shutil.which("torchrun")
        if found is None:
            pytest.skip("torchrun is not installed")
        torchrun = Path(found)
    root = Path(__file__).parents[2]
    worker = tmp_path / "worker.py"
    worker.write_text(WORKER.format(people=str(root / "tests" / "anonymizers"), root=str(root)))
    pair = [str(torchrun), "--standalone", "--nproc-per-node", "2", str(worker), str(tmp_path / "pair")]
    subprocess.run(pair, check=True, capture_output=True, text=True, timeout=300)
    threads = torch.get_num_threads()
    monkeypatch.setattr(sys, "argv", ["worker", str(tmp_path / "single")])
    monkeypatch.setattr(sys, "path", list(sys.path))
    runpy.run_path(str(worker))
    torch.set_num_threads(threads)
    one, first, second = (json.loads((tmp_path / n).read_text()) for n in ("single0", "pair0", "pair1"))
    assert first == second  # both processes hold the same weights to the last bit
    for name in one:
        assert len(one[name][0]) > 1
        for a, b in zip(one[name][0], first[name][0], strict=True):
            assert a == pytest.approx(b, rel=1e-4, abs=1e-6)
        for key, value in one[name][1].items():
            np.testing.assert_allclose(value, first[name][1][key], rtol=5e-3, atol=2e-4, err_msg=key)

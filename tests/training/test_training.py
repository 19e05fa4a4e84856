"""Device names, the loop, reproducibility, weights as arrays, padding."""

import subprocess
import sys

import numpy as np
import pytest
import torch
from torch import nn

from gaitbench.errors import ConfigError, ModelError
from gaitbench.training import (
    initialise,
    load_module_state,
    module_state,
    reproducible,
    resolve_device,
    run_steps,
    torch_generator,
    warm_cosine,
)
from gaitbench.training.images import pad_frames, padded_size, unpad


@pytest.mark.parametrize("name", ["gpu", "cuda:x", "", "mps"])
def test_unknown_devices(name):
    with pytest.raises(ConfigError, match="device"):
        resolve_device(name)


def test_devices():
    assert resolve_device("cpu").type == "cpu"
    assert resolve_device("auto").type == ("cuda" if torch.cuda.is_available() else "cpu")
    if not torch.cuda.is_available():
        with pytest.raises(ConfigError, match="use --device cpu"):
            resolve_device("cuda")


def layers():
    return nn.Sequential(
        nn.Conv2d(3, 4, 3), nn.ConvTranspose2d(4, 2, 4, stride=2), nn.Flatten(), nn.Linear(8, 2)
    )


def test_initialisation_comes_from_the_generator_alone():
    one, two, other = layers(), layers(), layers()
    for module, seed in ((one, 1), (two, 1), (other, 2)):
        torch.rand(seed * 7)
        initialise(module, torch_generator(seed))
    a, b, c = (module_state(m, "m") for m in (one, two, other))
    assert all(np.array_equal(a[k], b[k]) for k in a)
    assert not np.array_equal(a["m.0.weight"], c["m.0.weight"])
    assert not a["m.0.bias"].any()
    with pytest.raises(TypeError, match="GRUCell"):
        initialise(nn.GRUCell(2, 2), torch_generator(0))


def test_weights_round_trip_and_refuse_strangers():
    one, two = layers(), layers()
    state = module_state(one, "net")
    load_module_state(two, state, "net")
    assert all(torch.equal(x, y) for x, y in zip(one.parameters(), two.parameters(), strict=True))
    for broken in (
        {k: v for k, v in state.items() if k != "net.0.bias"},
        {**state, "net.9.bias": state["net.0.bias"]},
        {**state, "net.0.bias": np.zeros(5, np.float32)},
    ):
        with pytest.raises(ModelError, match="train again"):
            load_module_state(two, broken, "net")
    # What is loaded is a copy: the caller's arrays stay theirs.
    with torch.no_grad():
        two[0].bias += 1
    assert not state["net.0.bias"].any() or not np.array_equal(
        state["net.0.bias"], two[0].bias.detach().numpy()
    )


def test_reproducible_puts_back_what_it_changed():
    threads, strict = torch.get_num_threads(), torch.are_deterministic_algorithms_enabled()
    with pytest.raises(RuntimeError), reproducible(1):
        assert torch.get_num_threads() == 1 and torch.are_deterministic_algorithms_enabled()
        raise RuntimeError
    assert torch.get_num_threads() == threads and torch.are_deterministic_algorithms_enabled() == strict


def test_reproducible_does_not_import_torchs_compiler():
    """It takes every worker process two seconds."""
    code = (
        "import sys, torch\n"
        "from gaitbench.training import reproducible\n"
        "with reproducible(1):\n"
        "    assert torch.are_deterministic_algorithms_enabled()\n"
        "    assert torch.is_deterministic_algorithms_warn_only_enabled()\n"
        "assert not torch.are_deterministic_algorithms_enabled()\n"
        "print([m for m in ('torch._inductor', 'torch._dynamo') if m in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_loop_counts_reports_and_scales_the_rate():
    weight = nn.Parameter(torch.tensor([4.0]))
    optimizer = torch.optim.SGD([weight], 0.1)
    seen, rates = [], []

    def step(number):
        loss = (weight**2).sum()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        rates.append(optimizer.param_groups[0]["lr"])
        return {"loss": loss.detach()}

    tell = lambda fraction, text: seen.append((fraction, text))  # noqa: E731
    history = run_steps(step, 50, optimizers=(optimizer,), label="net", progress=tell, every=20)
    assert [h["step"] for h in history] == [0, 20, 40, 49] and history[-1]["loss"] < history[0]["loss"]
    assert seen[-1][0] == 1.0 and seen[-1][1].startswith("net: step 50 of 50, loss")
    assert rates == pytest.approx([0.1 * warm_cosine(i, 50) for i in range(50)])


def test_divergence_is_an_error():
    with pytest.raises(ModelError, match="net diverged at step 1 "):
        run_steps(
            lambda n: {"loss": torch.tensor(float("nan") if n else 1.0)},
            5,
            optimizers=(),
            label="net",
            every=1,
        )


@pytest.mark.parametrize("size", [(64, 44), (128, 88), (32, 22), (33, 17), (16, 16)])
def test_padding_and_back(size):
    rng = np.random.default_rng(0)
    mask = rng.random((2, *size)) < 0.5
    picture = rng.integers(0, 256, (2, *size, 3), dtype=np.uint8)
    assert all(side % 16 == 0 for side in padded_size(size))
    batch = pad_frames(mask)
    assert batch.shape[1:] == padded_size(size) and batch.sum() == mask.sum()
    assert np.array_equal(unpad(batch, size).numpy() > 0, mask)
    colors = pad_frames(picture, edge=True)
    assert np.array_equal((unpad(colors, size) * 255).round().permute(0, 2, 3, 1).numpy(), picture)

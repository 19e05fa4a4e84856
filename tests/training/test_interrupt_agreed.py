"""Ctrl-C that reaches one of several processes stops all of them after the same step."""

import os
import signal
import socket
import subprocess
import sys
import time

import pytest

WORKER = """
import sys, time, torch
from gaitbench.training import Ranks, Session, run_steps
ranks = Ranks.from_launcher()
net = torch.nn.Linear(1, 1)
optimizer = torch.optim.SGD(net.parameters(), lr=0.0)
def step(number):
    if number == 5:
        print("at work", flush=True)
    time.sleep(0.01)
    loss = net(torch.ones(1, 1)).sum()
    loss.backward()
    ranks.sum_gradients(net.parameters())
    return {"loss": loss.detach()}
try:
    run_steps(step, 4000, optimizers=[optimizer], label="test", session=Session(ranks=ranks))
except KeyboardInterrupt as error:
    print(error, flush=True)
"""


@pytest.mark.slow  # two processes import torch
@pytest.mark.skipif(os.name == "nt", reason="signals are Unix's")
def test_all_processes_stop_after_the_same_step():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    where = {"WORLD_SIZE": "2", "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": port}
    pair = [
        subprocess.Popen(
            [sys.executable, "-c", WORKER], stdout=subprocess.PIPE, text=True,
            env={**os.environ, **where, "RANK": str(rank)},
        )
        for rank in range(2)
    ]  # fmt: skip
    try:
        assert [p.stdout.readline() for p in pair] == ["at work\n"] * 2
        pair[1].send_signal(signal.SIGINT)
        time.sleep(0.2)
        pair[1].send_signal(signal.SIGTERM)  # a launcher passes on what the terminal has sent already
        told = [p.communicate(timeout=30)[0] for p in pair]
    finally:
        for process in pair:
            process.kill()
    assert told[0] == told[1] and told[0].startswith("test stopped after step")

"""Training shared by the learned anonymizers and colorizers: device, determinism, loop, session, weights."""

from gaitbench.training.device import resolve_device, to_device
from gaitbench.training.loop import Progress, run_steps, warm_cosine
from gaitbench.training.parallel import Ranks
from gaitbench.training.reproducible import initialise, reproducible, torch_generator
from gaitbench.training.session import Session
from gaitbench.training.stopping import Validation
from gaitbench.training.systems import load_system, restore_state, save_system
from gaitbench.training.weights import load_module_state, module_state

__all__ = [
    "Progress",
    "Ranks",
    "Session",
    "Validation",
    "initialise",
    "load_module_state",
    "load_system",
    "module_state",
    "reproducible",
    "resolve_device",
    "restore_state",
    "run_steps",
    "save_system",
    "to_device",
    "torch_generator",
    "warm_cosine",
]

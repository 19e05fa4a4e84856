"""The same seed and data give the same weights, bit by bit, on one machine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import nn

from gaitbench.processes import one_blas_thread

__all__ = ["initialise", "reproducible", "torch_generator"]


@contextmanager
def reproducible(threads: int) -> Iterator[None]:
    """Run a block with a fixed thread count and deterministic kernels, and put both back after it.

    Sums are split over threads, so another thread count gives other last bits; a fixed one gives the same
    bits in every run on one kind of processor.

    Parameters
    ----------
    threads : int
        Threads torch may use inside one operation, at least 1. Numpy and scipy use one.
    """
    before = torch.get_num_threads()
    strict = torch.get_deterministic_debug_mode()
    torch.set_num_threads(threads)
    # "warn": a GPU kernel without a deterministic form must not stop a run. `use_deterministic_algorithms` does the
    # same and imports torch's compiler for it, which takes each worker process two seconds.
    torch.set_deterministic_debug_mode("warn")
    try:
        with one_blas_thread():
            yield
    finally:
        torch.set_num_threads(before)
        torch.set_deterministic_debug_mode(strict)


def torch_generator(seed: int) -> torch.Generator:
    """Make a generator on the processor; samples are drawn there, whatever device computes."""
    generator = torch.Generator(device="cpu")
    generator.manual_seed(seed)
    return generator


def initialise(module: nn.Module, generator: torch.Generator, *, slope: float = 0.1) -> None:
    """Draw every weight of `module` from `generator` alone, so that no global state decides them.

    Parameters
    ----------
    module : nn.Module
        On the processor; convolutions and linear layers get He normal weights and zero biases.
    generator : torch.Generator
    slope : float
        Negative slope of the leaky rectifiers after the layers.

    Raises
    ------
    TypeError
        If a layer with weights is of a kind that this function does not know.
    """
    layers = (nn.Conv2d, nn.ConvTranspose2d, nn.Linear, nn.Embedding)
    for layer in module.modules():
        if isinstance(layer, nn.Embedding):
            nn.init.normal_(layer.weight, std=1.0, generator=generator)
        elif isinstance(layer, layers):
            # A transposed convolution of stride s sees each input s*s times fewer per output pixel.
            if isinstance(layer, nn.ConvTranspose2d):
                nn.init.kaiming_normal_(layer.weight, a=slope, mode="fan_out", generator=generator)
                with torch.no_grad():
                    layer.weight *= float(layer.stride[0])
            else:
                nn.init.kaiming_normal_(layer.weight, a=slope, generator=generator)
            if isinstance(layer.bias, torch.Tensor):
                nn.init.zeros_(layer.bias)
        elif next(layer.parameters(recurse=False), None) is not None:
            raise TypeError(f"no rule to initialise {type(layer).__name__}")

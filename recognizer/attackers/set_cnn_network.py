"""The network of `SetCnn`: convolutions on single frames, a maximum over the set, parts of horizontal strips.

In the style of GaitSet (Chao, He, Zhang, Feng: GaitSet, AAAI 2019): the order and the number of frames do not
matter. Ours: sizes that a processor trains in minutes, and the classifier on normalised parts beside the triplets.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import nn
from torch.nn import functional

__all__ = ["SetNetwork"]


class SetNetwork(nn.Module):
    """Sets of silhouettes to one code per horizontal strip.

    Parameters
    ----------
    channels : three ints
        Of the frame-level convolutions, at 1/2, 1/4 and 1/4 of the picture's size; the set-level ones keep the last.
    strips : sequence of int
        Numbers of equal strips into which the set's feature map is cut, one cut after the other.
    code : int
        Length of a strip's code.
    classes : int
        Training subjects.
    """

    def __init__(self, channels: Sequence[int], strips: Sequence[int], code: int, classes: int) -> None:
        super().__init__()
        first, second, third = channels
        self.strips = tuple(strips)
        parts = sum(self.strips)
        self.frame = nn.Sequential(
            *_layer(1, first, 5, stride=2),
            *_layer(first, second, 3),
            nn.MaxPool2d(2),
            *_layer(second, third, 3),
        )
        self.set = nn.Sequential(*_layer(third, third, 3), *_layer(third, third, 3))
        self.project = nn.Parameter(torch.empty(parts, third, code))
        self.normalise = nn.BatchNorm1d(parts * code)
        self.classify = nn.Parameter(torch.empty(parts, code, classes))
        nn.init.xavier_uniform_(self.project)
        nn.init.xavier_uniform_(self.classify)

    def forward(self, frames: torch.Tensor, lengths: Sequence[int]) -> torch.Tensor:
        """Codes (n, parts, code) of n sets.

        Parameters
        ----------
        frames : float32 tensor (sum of lengths, 1, h, w)
            All frames of all sets, one set after the other, in [0, 1].
        lengths : n ints
        """
        maps = self.frame(frames)
        if len(set(lengths)) == 1:
            pooled = maps.view(len(lengths), lengths[0], *maps.shape[1:]).amax(dim=1)
        else:
            pooled = torch.stack([part.amax(dim=0) for part in maps.split(list(lengths))])
        # As in GaitSet, what the set shows goes on beside what was added to it.
        return self._parts(pooled + self.set(pooled))

    def logits(self, codes: torch.Tensor) -> torch.Tensor:
        """Scores (n, parts, classes) of the training subjects, from normalised codes."""
        flat = self.normalise(codes.flatten(1)).view_as(codes)
        return torch.einsum("npc,pck->npk", flat, self.classify)

    def _parts(self, maps: torch.Tensor) -> torch.Tensor:
        cut = []
        for count in self.strips:
            cut.append(functional.adaptive_avg_pool2d(maps, (count, 1)) + _strip_max(maps, count))
        features = torch.cat(cut, dim=2).squeeze(3)  # (n, channels, parts)
        return torch.einsum("ncp,pck->npk", features, self.project)


def _strip_max(maps: torch.Tensor, count: int) -> torch.Tensor:
    return functional.adaptive_max_pool2d(maps, (count, 1))


def _layer(before: int, after: int, size: int, *, stride: int = 1) -> list[nn.Module]:
    return [
        nn.Conv2d(before, after, size, stride=stride, padding=size // 2, bias=False),
        nn.BatchNorm2d(after),
        nn.LeakyReLU(0.1, inplace=True),
    ]

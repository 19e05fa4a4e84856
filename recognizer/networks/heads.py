"""From the features of parts to one code a part, and to scores of the training subjects."""

from __future__ import annotations

import torch
from torch import nn

__all__ = ["CodedNetwork"]


class CodedNetwork(nn.Module):
    """A network whose parts (strips of a picture, scales of time) have a code each, and a classifier each.

    The classifiers read normalised codes and serve the training alone (Luo et al.: Bag of tricks for person
    re-identification, CVPR workshops 2019). A subclass makes features (n, parts, width) and calls `codes`.

    Parameters
    ----------
    parts, width : int
        Number of parts, and features of each.
    code : int
        Length of a part's code.
    classes : int
        Training subjects.
    """

    def __init__(self, parts: int, width: int, code: int, classes: int) -> None:
        super().__init__()
        self.project = nn.Parameter(torch.empty(parts, width, code))
        self.normalise = nn.BatchNorm1d(parts * code)
        self.classify = nn.Parameter(torch.empty(parts, code, classes))
        nn.init.xavier_uniform_(self.project)
        nn.init.normal_(self.classify, std=0.05)

    def codes(self, features: torch.Tensor) -> torch.Tensor:
        """Codes (n, parts, code) of features (n, parts, width)."""
        return torch.einsum("npc,pck->npk", features, self.project)

    def logits(self, codes: torch.Tensor) -> torch.Tensor:
        """Scores (n, parts, classes) of the training subjects."""
        flat = self.normalise(codes.flatten(1)).view_as(codes)
        return torch.einsum("npc,pck->npk", flat, self.classify)

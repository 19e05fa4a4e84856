"""The adversarial term of a colorizer: a critic that is trained along with it."""

from __future__ import annotations

import torch
from torch.nn import functional

from gaitbench.colorizers.learned.encoder_decoder import Critic
from gaitbench.training import Session, initialise, to_device

__all__ = ["AdversarialTerm"]


class AdversarialTerm:
    """Critic and optimiser; each call is one step of the critic and gives the painter's term.

    Parameters
    ----------
    width : int
        Channels of the critic's first layer.
    learning_rate : float
        Of its Adam; `run_steps` scales it with the painter's.
    weight : float
        Of the painter's term.
    device : torch.device
    draws : torch.Generator
        Its weights come from here.
    session : Session
    """

    def __init__(
        self, width: int, learning_rate: float, weight: float, device: torch.device, draws: torch.Generator,
        session: Session,
    ) -> None:  # fmt: skip
        # Construction draws from torch's global generator; fork it so that nothing outside notices.
        with torch.random.fork_rng(devices=[]):
            critic = Critic(width)
        initialise(critic, draws)
        self.critic = to_device(critic, device)
        self.optimizer = torch.optim.Adam(self.critic.parameters(), learning_rate, betas=(0.5, 0.99))
        self._weight = weight
        self._session = session

    def __call__(
        self,
        painted: torch.Tensor,
        silhouettes: torch.Tensor,
        real: torch.Tensor,
        real_silhouettes: torch.Tensor,
    ) -> torch.Tensor:
        """Step the critic on `real` (N, 3, H, W) against `painted`, then judge `painted`: float tensor ()."""
        session, count = self._session, len(painted)
        scores = session.run(
            self.critic, torch.cat([real, painted.detach()]), torch.cat([real_silhouettes, silhouettes])
        )
        session.descend(
            functional.softplus(-scores[:count]).mean() + functional.softplus(scores[count:]).mean(),
            self.optimizer,
        )
        self.critic.requires_grad_(False)
        fooled = functional.softplus(-session.run(self.critic, painted, silhouettes)).mean()
        self.critic.requires_grad_(True)
        return self._weight * fooled

"""The walkers once more, weeks later: other clothes and shoes, another load, mood and posture, cameras and light moved.

All sizes are in `amounts`, with what they are set from. Nothing of the first session is drawn or changed here. See
``docs/second-session.md``.
"""

from gaitbench.datasets.walkers.second_session.amounts import AMOUNTS, SESSION, Amounts
from gaitbench.datasets.walkers.second_session.dataset import TwoSessions

__all__ = ["AMOUNTS", "SESSION", "Amounts", "TwoSessions"]

"""The attribution: from the slides' baseline to the slides' proposed, and on to ours, one choice at a time."""

from __future__ import annotations

from dataclasses import dataclass, replace

from gaitbench.colorizers.learned.baseline import Baseline, BaselineSettings
from gaitbench.colorizers.learned.colorizer import LearnedColorizer
from gaitbench.colorizers.learned.proposed import Proposed, ProposedSettings

__all__ = ["Step", "attribution_steps"]


@dataclass(frozen=True)
class Step:
    """One colorizer of the attribution.

    Parameters
    ----------
    changed : str
        What is changed against `after`; a label of the table.
    after : str or None
        The step that it is compared with; None for the first.
    colorizer : type of LearnedColorizer
    settings : BaselineSettings or ProposedSettings
    """

    changed: str
    after: str | None
    colorizer: type[LearnedColorizer]
    settings: BaselineSettings | ProposedSettings

    def make(self) -> LearnedColorizer:
        """An untrained colorizer."""
        return self.colorizer(self.settings)  # type: ignore[call-arg]


def attribution_steps(
    baseline: BaselineSettings | None = None, proposed: ProposedSettings | None = None
) -> list[Step]:
    """Steps from the slides' baseline to the slides' proposed (equal data, steps and batch), and beyond.

    Parameters
    ----------
    baseline, proposed : settings, optional
        What is varied; the default settings if None.

    Notes
    -----
    L_Style sums over the masks, so with another number of masks its weight is changed to keep
    weight times masks (ours); otherwise the row would tell of the weight.

    Examples
    --------
    >>> [s.changed for s in attribution_steps()][:4]
    ['baseline', 'without the adversarial term', "Model 1's colours on the silhouettes to be painted", 'L_Rec alone']
    """
    b, p = baseline or BaselineSettings(), proposed or ProposedSettings()
    plain = replace(b, adversarial_weight=0.0)
    extracted = "Model 1's colours on the silhouettes to be painted"
    total = p.style_weight * p.mask_rows * p.mask_columns

    def grid(rows: int, columns: int) -> ProposedSettings:
        return replace(p, mask_rows=rows, mask_columns=columns, style_weight=total / (rows * columns))

    skips = replace(p, network="skips")
    three = replace(skips, sees_silhouette=True)
    gate = replace(three, network="gate")
    chain = [
        Step("baseline", None, Baseline, b),
        Step("without the adversarial term", "baseline", Baseline, plain),
        Step(extracted, "without the adversarial term", Baseline, replace(plain, targets="extraction")),
        # targets: the original's own colours, no ground truth
        Step("L_Rec alone", extracted, Proposed, replace(p, style_weight=0.0)),
        Step("proposed", "L_Rec alone", Proposed, p),
        Step("network with skips", "proposed", Proposed, skips),
        Step("the original's silhouette as third input", "network with skips", Proposed, three),
        Step("gate", "the original's silhouette as third input", Proposed, gate),
    ]
    side = [
        Step("baseline, network with skips", "baseline", Baseline, replace(b, network="skips")),
        Step("centre = overlap", "proposed", Proposed, replace(p, center="overlap", erosion=0)),
        Step("centre = overlap, eroded by 1", "proposed", Proposed, replace(p, center="overlap", erosion=1)),
        Step("L_Rec as a mean", "proposed", Proposed, replace(p, rec="mean")),
        Step(
            "Gram of patches",
            "proposed",
            Proposed,
            replace(p, gram="patches", style_weight=p.style_weight / 16.0),
        ),
        Step("8 masks", "proposed", Proposed, grid(4, 2)),
        Step("64 masks", "proposed", Proposed, grid(16, 4)),
    ]
    return chain + side

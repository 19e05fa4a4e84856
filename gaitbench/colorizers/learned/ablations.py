"""The attribution: from the slides' baseline to the slides' proposed, and on to ours, one choice at a time."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace

from gaitbench.colorizers.learned.baseline import BaselineSettings
from gaitbench.colorizers.learned.proposed import ProposedSettings
from gaitbench.system_value import SystemValue

__all__ = ["Step", "attribution_steps"]


@dataclass(frozen=True)
class Step:
    """One colorizer of the attribution.

    Parameters
    ----------
    value : SystemValue
        The colorizer; its label says what is changed against `after`.
    after : str or None
        What the step before changed; None for the first.
    """

    value: SystemValue
    after: str | None

    @property
    def changed(self) -> str:
        """What is changed; a label of the table."""
        return self.value.label


def _step(changed: str, after: str | None, settings: BaselineSettings | ProposedSettings) -> Step:
    """A step by settings: those that differ from the colorizer's own are its value."""
    own = BaselineSettings() if isinstance(settings, BaselineSettings) else ProposedSettings()
    name = "baseline" if isinstance(settings, BaselineSettings) else "proposed"
    given, usual = asdict(settings), asdict(own)
    chosen = {key: value for key, value in given.items() if value != usual[key]}
    return Step(SystemValue.read({"name": name, "settings": chosen, "label": changed}), after)


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
        _step("baseline", None, b),
        _step("without the adversarial term", "baseline", plain),
        _step(extracted, "without the adversarial term", replace(plain, targets="extraction")),
        # targets: the original's own colours, no ground truth
        _step("L_Rec alone", extracted, replace(p, style_weight=0.0)),
        _step("proposed", "L_Rec alone", p),
        _step("network with skips", "proposed", skips),
        _step("the original's silhouette as third input", "network with skips", three),
        _step("gate", "the original's silhouette as third input", gate),
    ]
    side = [
        _step("baseline with skips", "baseline", replace(b, network="skips")),
        _step("centre = overlap", "proposed", replace(p, center="overlap", erosion=0)),
        _step("centre = overlap eroded by 1", "proposed", replace(p, center="overlap", erosion=1)),
        _step("L_Rec as a mean", "proposed", replace(p, rec="mean")),
        _step("Gram of patches", "proposed", replace(p, gram="patches", style_weight=p.style_weight / 16.0)),
        _step("8 masks", "proposed", grid(4, 2)),
        _step("64 masks", "proposed", grid(16, 4)),
    ]
    return chain + side

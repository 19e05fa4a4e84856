"""The ablations of the proposed colorizer: one choice changed at a time."""

from __future__ import annotations

from dataclasses import replace

from gaitbench.colorizers.learned.proposed import ProposedSettings

__all__ = ["ablation_variants"]


def ablation_variants(settings: ProposedSettings | None = None) -> dict[str, ProposedSettings]:
    """Settings of the proposed colorizer with one choice changed, by what is changed.

    Parameters
    ----------
    settings : ProposedSettings, optional
        What is varied; the default settings if None.

    Returns
    -------
    dict of str to ProposedSettings
        In the order of a table. The settings as they are do not stand among them.

    Notes
    -----
    L_Style sums over the masks, so with another number of masks its weight is changed to keep
    weight times masks (ours); otherwise the row would tell of the weight.
    ``center = eroded`` has a radius of 2 (in 64ths of the height): with 0 there would be no edge.

    Examples
    --------
    >>> variants = ablation_variants()
    >>> list(variants)[:3]
    ['center eroded by 2', 'center overlap, eroded by 1', 'Gram of patches']
    >>> variants["without L_Style"].style_weight
    0.0
    """
    base = settings or ProposedSettings()
    total = base.style_weight * base.mask_rows * base.mask_columns

    def grid(rows: int, columns: int) -> ProposedSettings:
        return replace(base, mask_rows=rows, mask_columns=columns, style_weight=total / (rows * columns))

    return {
        "center eroded by 2": replace(base, center="eroded", erosion=2),
        "center overlap, eroded by 1": replace(base, center="overlap", erosion=1),
        "Gram of patches": replace(base, gram="patches", style_weight=base.style_weight / 16.0),
        "8 masks": grid(4, 2),
        "64 masks": grid(16, 4),
        "without L_Style": replace(base, style_weight=0.0),
        "two inputs only": replace(base, sees_silhouette=False, guarded=False),
        "way through shut outside the body": replace(base, guarded=True),
    }

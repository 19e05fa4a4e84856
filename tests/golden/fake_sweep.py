"""Rows of a sweep, made up."""

from gaitbench.results.schema_sweep import Swept

ATTACK = "semi-informed, robust-vtm"
#: Rank-1 of the strongest attack by strength.
NAMED = {"": 60.0, "strength=0.0": 90.0, "strength=0.5": 30.0, "strength=1.0": 3.0}


def swept_rows(name):
    """Four settings of an anonymizer, from hardly anonymized to hidden, painted by ``nearest``."""
    for variant, value in NAMED.items():
        for measure in ("worst_rank1", "attack_rank1"):
            yield Swept(
                name, variant, "none", ATTACK, measure, value, max(0.0, value - 2), value + 2, 60, name
            )
        yield Swept(name, variant, "none", ATTACK, "success", 100 - value, None, None, 60, name)
        yield Swept(name, variant, "none", "", "iou", 0.812, 0.8, 0.82, 60, name)
        yield Swept(name, variant, "nearest", "", "ssim", 0.91234, 0.9, 0.92, 60, name)
        yield Swept(name, variant, "nearest", "", "psnr", None if variant else 24.518, None, None, 0, name)

"""Bodies: who is tall, broad or long-legged, and where the joints sit when the person stands."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.walkers.bodies.reference import dimension_table

__all__ = ["BONES", "HAIR_STYLES", "PARENTS", "SOLE", "Body", "rest_joints", "sample_body"]

#: Bones of the figure. ``bag`` and the four ``coat_*`` panels carry no body; they move what is worn.
BONES: tuple[str, ...] = (
    "pelvis", "thorax", "neck", "head",
    "upperarm_l", "forearm_l", "hand_l", "upperarm_r", "forearm_r", "hand_r",
    "thigh_l", "shank_l", "foot_l", "toes_l", "thigh_r", "shank_r", "foot_r", "toes_r",
    "panel_fl", "panel_fr", "panel_bl", "panel_br", "bag",
)  # fmt: skip

#: Thickness of the shoe sole in metres (ANSUR heights are barefoot).
SOLE = 0.022

HAIR_STYLES: tuple[str, ...] = ("cropped", "short", "full", "bob", "long", "bun", "ponytail", "curly")


@dataclass(frozen=True)
class Body:
    """One person's build.

    Parameters
    ----------
    sex : str
        ``"male"`` or ``"female"``.
    dims : dict of str to float
        The sampled body dimensions (metres; weight in kg), keys as in ``anthropometry.json``.
    hair : str
        One of `HAIR_STYLES`.
    hair_volume : float
        Scale of the hair's thickness, about 0.7 to 1.4.
    posture : tuple of float
        Rounding of the back, forward set of the head, shoulder slope: metres, small, of one's own
        (ours: the tables hold no posture).
    apart : dict of str to float
        By how much the left dimension is larger than the right, as a natural logarithm; what is not there is equal on
        both sides.
    """

    sex: str
    dims: dict[str, float]
    hair: str
    hair_volume: float
    posture: tuple[float, float, float]
    apart: dict[str, float] = field(default_factory=dict)

    def side(self, side: str) -> dict[str, float]:
        """The dimensions of one side, ``"l"`` or ``"r"``; what lies in the middle is the mean of both."""
        sign = 0.5 if side == "l" else -0.5
        return self.dims | {name: self.dims[name] * math.exp(sign * by) for name, by in self.apart.items()}

    def __getitem__(self, key: str) -> float:
        return self.dims[key]


def sample_body(rng: np.random.Generator) -> Body:
    """Draw one body: sex with even odds, dimensions from the table, hair by sex."""
    sex = "female" if rng.random() < 0.5 else "male"
    table = dimension_table(sex)
    values = table.sample(rng, 1)[0]
    odds = (
        {"cropped": 0.22, "short": 0.4, "full": 0.26, "curly": 0.08, "bun": 0.02, "long": 0.02}
        if sex == "male"
        else {
            "short": 0.1,
            "full": 0.08,
            "bob": 0.22,
            "long": 0.26,
            "bun": 0.14,
            "ponytail": 0.14,
            "curly": 0.06,
        }
    )
    names = [h for h in HAIR_STYLES if h in odds]
    p = np.array([odds[h] for h in names])
    hair = names[int(rng.choice(len(names), p=p / p.sum()))]
    posture = tuple(float(x) for x in rng.normal(0.0, [0.010, 0.010, 0.010]))
    return Body(
        sex,
        dict(zip(table.keys, (float(v) for v in values), strict=True)),
        hair,
        float(np.clip(rng.normal(1.0, 0.17), 0.65, 1.45)),
        (posture[0], posture[1], posture[2]),
    )


#: Bone -> the bone it hangs on. Limbs are placed in `motion`, which knows the order of rotations.
PARENTS: dict[str, str] = {
    "thorax": "pelvis", "neck": "thorax", "head": "neck",
    **{f"upperarm_{s}": "thorax" for s in "lr"}, **{f"forearm_{s}": f"upperarm_{s}" for s in "lr"},
    **{f"hand_{s}": f"forearm_{s}" for s in "lr"}, **{f"thigh_{s}": "pelvis" for s in "lr"},
    **{f"shank_{s}": f"thigh_{s}" for s in "lr"}, **{f"foot_{s}": f"shank_{s}" for s in "lr"},
    **{f"toes_{s}": f"foot_{s}" for s in "lr"},
    "panel_fl": "pelvis", "panel_fr": "pelvis", "panel_bl": "pelvis", "panel_br": "pelvis",
}  # fmt: skip


def rest_joints(body: Body) -> dict[str, NDArray[np.float64]]:
    """Joint centres of the standing person in metres (x forward, y left, z up, floor at z = 0).

    Returns
    -------
    dict of str to float array (3,)
        One entry per bone of `BONES`: the joint about which it turns.
    """
    d = body.dims
    hip_y = 0.25 * d["hip_breadth"]
    hip_z = d["trochanterion_height"] + SOLE
    shoulder_y = d["biacromial_breadth"] / 2 - 0.016
    crown = d["stature"] + SOLE
    back = -0.018 - 0.4 * body.posture[0]
    joints = {
        "pelvis": (0.0, 0.0, hip_z),
        "thorax": (0.0, 0.0, hip_z + 0.09),
        "neck": (back - 0.012, 0.0, d["cervicale_height"] + SOLE - 0.012),
        "head": (0.002 + body.posture[1], 0.0, crown - d["tragion_to_top_of_head"] - 0.012),
    }
    for side, sign in (("l", 1.0), ("r", -1.0)):
        d = body.side(side)
        shoulder_z = d["acromial_height"] - 0.036 + SOLE - 0.5 * body.posture[2]
        elbow_z = shoulder_z - (d["upper_arm_length"] - 0.036)
        wrist_z = elbow_z - d["forearm_length"]
        ankle_z = d["lateral_malleolus_height"] + SOLE
        joints[f"upperarm_{side}"] = (back + 0.012, sign * shoulder_y, shoulder_z)
        joints[f"forearm_{side}"] = (back + 0.010, sign * shoulder_y, elbow_z)
        joints[f"hand_{side}"] = (back + 0.012, sign * shoulder_y, wrist_z)
        joints[f"thigh_{side}"] = (0.0, sign * hip_y, hip_z)
        joints[f"shank_{side}"] = (0.004, sign * hip_y, d["knee_height_midpatella"] + SOLE)
        joints[f"foot_{side}"] = (0.0, sign * hip_y, ankle_z)
        joints[f"toes_{side}"] = (0.47 * d["foot_length"], sign * hip_y, 0.018)
        joints[f"panel_f{side}"] = (0.0, sign * hip_y, hip_z + 0.03)
        joints[f"panel_b{side}"] = (0.0, sign * hip_y, hip_z + 0.03)
    joints["bag"] = (0.0, 0.0, 0.0)
    return {name: np.array(joints[name], dtype=np.float64) for name in BONES}

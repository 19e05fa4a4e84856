"""The figure: body, clothes, coat and bag as one set of surface points with colours and bone weights."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.walkers.bodies import SOLE, Body, rest_joints
from gaitbench.datasets.walkers.outfits import Bag, Coat, Outfit, paint
from gaitbench.datasets.walkers.surface import Patch, Tube, bone_indices, smoothstep, sweep

__all__ = ["PARTS", "Figure", "build_figure"]

Array = NDArray[np.float64]
#: Part labels: a pixel's value in the label pictures is the index here.
PARTS: tuple[str, ...] = (
    "background", "head", "hair", "neck", "torso",
    "upperarm_l", "forearm_l", "hand_l", "upperarm_r", "forearm_r", "hand_r",
    "thigh_l", "shank_l", "foot_l", "thigh_r", "shank_r", "foot_r", "skirt", "coat", "bag",
)  # fmt: skip
_P = {name: i for i, name in enumerate(PARTS)}


@dataclass(frozen=True)
class Figure:
    """Points of a dressed person, grouped by the bones that move them.

    Parameters
    ----------
    groups : list of (bones, positions, normals)
        Bone indices (K,), weighted rest positions float32 (4K, n) and normals float32 (3K, n); the groups'
        points follow one another in the order of `colors` and `parts`, from 1 on.
    colors : float32 array (N, 4)
        Unlit RGB, 0 to 255, and 255; point 0 stands for "nobody" and is zero throughout.
    parts : uint8 array (N,)
        Index into `PARTS`; 0 for point 0.
    """

    groups: list[tuple[NDArray[np.intp], NDArray[np.float32], NDArray[np.float32]]]
    colors: NDArray[np.float32]
    parts: NDArray[np.uint8]


def _radius(circumference: float) -> float:
    return circumference / (2 * np.pi)


def _blend(axis_low: float, axis_high: float) -> Callable[[Array, Array], Array]:
    """Weights of (upper bone, lower bone) by height: upper above `axis_high`, lower below `axis_low`."""

    def weigh(points: Array, phi: Array) -> Array:
        w = smoothstep(points[:, 2], axis_low, axis_high)
        return np.stack([w, 1 - w], axis=1)

    return weigh


class _Tailor:
    """Builds the patches of one figure."""

    def __init__(self, body: Body, outfit: Outfit, coat: Coat | None, bag: Bag | None, spacing: float) -> None:
        self.body, self.outfit, self.coat, self.bag, self.spacing = body, outfit, coat, bag, spacing
        self.joints = rest_joints(body)
        self.patches: list[tuple[Patch, Array]] = []
        self.crown = body["stature"] + SOLE
        self.air = outfit.loose[0] if coat is None else outfit.loose[0] + coat.bulk
        self.waist = body["waist_height_omphalion"] + SOLE
        self.groin = body["crotch_height"] + SOLE

    def add(self, patch: Patch, color: Array | tuple[float, float, float]) -> None:
        c = np.asarray(color, dtype=np.float64)
        if c.ndim == 1:
            c = np.broadcast_to(c, (len(patch.points), 3))
        self.patches.append((patch, c))

    def split(self, patch: Patch, *layers: tuple[NDArray[np.bool_], Array]) -> None:
        """Add a patch whose colour is given by masks, later layers over earlier ones."""
        c = np.zeros((len(patch.points), 3))
        for mask, color in layers:
            c[mask] = color[mask] if color.ndim == 2 else color
        self.patches.append((patch, c))

    # -- trunk ------------------------------------------------------------------------------------------
    def trunk(self) -> None:
        b, d, o = self.body, self.body.dims, self.outfit
        air, low_air = self.air, o.loose[1] if self.coat is None else self.coat.bulk
        hip, hip_z = d["hip_breadth"] / 2, d["trochanterion_height"] + SOLE
        acromion = d["acromial_height"] + SOLE - 0.6 * b.posture[2]
        chest_z = acromion - 0.115 * d["stature"]
        neck_z = d["cervicale_height"] + SOLE
        neck = _radius(d["neck_circumference"])
        back = -b.posture[0]
        waist, wd, cd, bd = d["waist_breadth"] / 2, d["waist_depth"], d["chest_depth"], d["buttock_depth"]
        female = b.sex == "female"
        pinch = 0.93 if female else 0.975
        chest = d["chest_breadth"] / 2
        shoulder = d["biacromial_breadth"] / 2
        collar = 0.006 if self.coat is None else 0.012
        mid = 0.5 * (self.waist + chest_z)
        stations = [
            (self.groin - 0.035, 0.0, 0.0, 0.35 * hip, 0.22 * bd, 0.25 * bd),
            (self.groin + 0.01, 0.0, 0.0, 0.72 * hip, 0.36 * bd, 0.46 * bd),
            (0.5 * (self.groin + hip_z) + 0.01, 0.0, 0.0, 0.95 * hip + low_air, 0.43 * bd, 0.555 * bd + low_air),
            (hip_z + 0.02, 0.0, 0.0, hip + low_air, 0.45 * bd + low_air, 0.53 * bd + low_air),
            (0.45 * hip_z + 0.55 * self.waist, 0.0, 0.0, 0.55 * hip + 0.45 * waist + low_air,
             0.27 * bd + 0.25 * wd + low_air, 0.2 * bd + 0.24 * wd + low_air),
            (self.waist, 0.0, 0.0, waist + air, 0.54 * wd + air, 0.44 * wd + air),
            (mid, 0.3 * back, 0.0, (0.45 * waist + 0.55 * chest) * pinch + air,
             0.26 * wd + 0.27 * cd + air, 0.22 * wd + 0.24 * cd + air),
            (chest_z, 0.6 * back, 0.0, chest + air, (0.57 if female else 0.53) * cd + air, 0.45 * cd + air),
            (acromion - 0.09, back, 0.0, 1.03 * chest + 0.2 * (shoulder - chest) + air, 0.42 * cd + air,
             0.46 * cd + air),
            (acromion - 0.035, 1.1 * back, 0.0, 0.90 * shoulder + 0.5 * air, 0.30 * cd + air, 0.42 * cd + air),
            (acromion + 0.004, 1.2 * back - 0.008, 0.0, 0.70 * shoulder + 0.3 * air, 0.22 * cd + air,
             0.32 * cd + air),
            (0.5 * acromion + 0.5 * neck_z, 1.2 * back - 0.014, 0.0, 0.55 * neck + 0.34 * shoulder + collar,
             1.05 * neck + collar, 0.25 * cd + collar),
            (neck_z + 0.008, back - 0.014, 0.0, 1.06 * neck + collar, 1.08 * neck + collar, 1.1 * neck + collar),
        ]  # fmt: skip
        z_low, z_high = hip_z + 0.05, chest_z - 0.02

        def weigh(points: Array, phi: Array) -> Array:
            z, y = points[:, 2], points[:, 1]
            upper = smoothstep(z, z_low, z_high)
            leg = 0.42 * smoothstep(z, hip_z + 0.04, self.groin - 0.01)
            left = smoothstep(y, -0.06, 0.06)
            arm = 0.3 * smoothstep(np.abs(y), 0.72 * shoulder, shoulder) * smoothstep(z, chest_z, acromion - 0.05)
            return np.stack(
                [(1 - upper) * (1 - leg), upper * (1 - arm), (1 - upper) * leg * left,
                 (1 - upper) * leg * (1 - left), upper * arm * (y > 0), upper * arm * (y <= 0)], axis=1,
            )  # fmt: skip

        def folds(s: Array, phi: Array) -> Array:
            ridge = 0.0022 * np.sin(2 * phi + 42 * s + 1.5 * np.sin(3 * phi)) * smoothstep(s, chest_z, self.waist)
            bust = 0.0 * s
            if female:
                bust = 0.020 * np.exp(-(((s - chest_z) / 0.05) ** 2)) * (
                    np.exp(-(((phi - 0.5) / 0.38) ** 2)) + np.exp(-(((phi + 0.5) / 0.38) ** 2))
                )
            blades = 0.006 * np.exp(-(((s - acromion + 0.12) / 0.07) ** 2)) * np.exp(-(((np.abs(phi) - 2.6) / 0.3) ** 2))
            return ridge + bust + blades

        bones = ("pelvis", "thorax", "thigh_l", "thigh_r", "upperarm_l", "upperarm_r")
        patch = sweep(Tube(stations, 2.25), self.spacing, _P["torso"], bones, weigh, folds)
        z = patch.v
        tail = self.waist - o.shirt_tail
        if self.coat is not None:
            top = paint(self.coat.pattern, patch.u, patch.v)
            front = np.abs(patch.points[:, 1]) < 0.008
            top[front & (patch.points[:, 0] > 0)] *= 0.72
            if self.coat.collar == "plain":
                vee = (patch.points[:, 0] > 0) & (np.abs(patch.points[:, 1]) < 0.45 * (z - acromion + 0.13))
                top[vee] = paint(o.top, patch.u, patch.v)[vee]
        else:
            top = paint(o.top, patch.u, patch.v)
            top[np.abs(z - tail) < 0.006] *= 0.7
        bottom = paint(o.bottom, patch.u, patch.v)
        layers = [(np.ones(len(z), dtype=bool), bottom), (z > tail if self.coat is None else z > 0, top)]
        if self.coat is None:
            # The neckline: a ring about the neck, lower in front.
            x, y = patch.points[:, 0] - stations[-1][1], patch.points[:, 1]
            open_front = np.clip((x + neck) / (2 * neck), 0.0, 1.0)
            bare = (z > neck_z + 0.004 - 0.072 * open_front) & (np.hypot(0.8 * x, y) < 1.42 * neck)
            layers.append((bare, np.asarray(o.skin) * 0.95))
        if self.bag is not None and self.bag.kind in ("backpack", "shoulder"):
            layers.append((self._strap(patch, chest_z, acromion), np.asarray(self.bag.pattern.base) * 0.8))
        self.split(patch, *layers)

    def _strap(self, patch: Patch, chest_z: float, acromion: float) -> NDArray[np.bool_]:
        y, z, x = patch.points[:, 1], patch.points[:, 2], patch.points[:, 0]
        assert self.bag is not None
        if self.bag.kind == "backpack":
            at = 0.6 * self.body["chest_breadth"] / 2
            return (np.abs(np.abs(y) - at) < 0.024) & (z > chest_z - 0.13) & (x > -0.05)
        sign = 1.0 if self.bag.side == "l" else -1.0
        share = (z - self.waist) / (acromion - self.waist)
        centre = sign * (0.17 - 0.27 * share)
        return (np.abs(y - centre) < 0.026) & (z > self.waist - 0.06)

    # -- head and neck ----------------------------------------------------------------------------------
    def head(self) -> None:
        b, d, o = self.body, self.body.dims, self.outfit
        top, hb, hl = self.crown, d["head_breadth"] / 2, d["head_length"]
        chin = top - (d["menton_sellion_length"] + 0.112)
        neck = _radius(d["neck_circumference"])
        joint = self.joints["neck"]
        c = self.joints["head"][0]
        stations = [
            (joint[2] - 0.03, joint[0], 0.0, neck, neck, neck),
            (joint[2] + 0.03, 0.7 * joint[0] + 0.3 * c, 0.0, 0.98 * neck, neck, neck),
            (chin + 0.02, 0.3 * joint[0] + 0.7 * c - 0.008, 0.0, 0.97 * neck, 1.0 * neck, 0.98 * neck),
        ]
        column = sweep(Tube(stations), self.spacing, _P["neck"], ("thorax", "neck", "head"), self._neck_weights(joint, chin))
        scarf = self.coat.scarf if self.coat is not None else None
        skin = np.asarray(o.skin)
        self.add(column, 0.90 * skin)
        if scarf is not None:
            ring = [(joint[2] - 0.02, joint[0], 0.0, neck + 0.012, neck + 0.012, neck + 0.012),
                    (joint[2] + 0.01, joint[0], 0.0, neck + 0.034, neck + 0.036, neck + 0.03),
                    (joint[2] + 0.05, joint[0] + 0.004, 0.0, neck + 0.03, neck + 0.032, neck + 0.028),
                    (joint[2] + 0.068, joint[0] + 0.006, 0.0, neck + 0.008, neck + 0.01, neck + 0.008)]  # fmt: skip
            shawl = sweep(Tube(ring), self.spacing, _P["neck"], ("thorax", "neck"), _blend(joint[2] + 0.05, joint[2]))
            self.add(shawl, paint(scarf, shawl.u, shawl.v))
        face = [
            (chin - 0.008, c + 0.022, 0.0, 0.25 * hb, 0.16 * hl, 0.10 * hl),
            (chin + 0.006, c + 0.012, 0.0, 0.52 * hb, 0.36 * hl, 0.22 * hl),
            (chin + 0.040, c + 0.004, 0.0, 0.76 * hb, 0.45 * hl, 0.32 * hl),
            (chin + 0.085, c, 0.0, 0.92 * hb, 0.475 * hl, 0.45 * hl),
            (top - 0.105, c, 0.0, 0.99 * hb, 0.485 * hl, 0.51 * hl),
            (top - 0.070, c, 0.0, 1.00 * hb, 0.47 * hl, 0.515 * hl),
            (top - 0.035, c - 0.002, 0.0, 0.86 * hb, 0.395 * hl, 0.45 * hl),
            (top - 0.012, c - 0.006, 0.0, 0.56 * hb, 0.26 * hl, 0.30 * hl),
            (top, c - 0.01, 0.0, 0.05 * hb, 0.02 * hl, 0.02 * hl),
        ]
        nose_z = chin + 0.075

        def nose(s: Array, phi: Array) -> Array:
            ridge = 0.021 * np.exp(-(((s - nose_z) / 0.014) ** 2)) * np.exp(-((phi / 0.16) ** 2))
            ears = 0.014 * np.exp(-(((s - nose_z - 0.012) / 0.024) ** 2)) * np.exp(-(((np.abs(phi) - 1.72) / 0.10) ** 2))
            return ridge + ears

        skull = sweep(Tube(face, 2.1), self.spacing, _P["head"], ("head",), None, nose)
        phi = np.arctan2(skull.points[:, 1], skull.points[:, 0] - c)
        z = skull.v
        colors = np.broadcast_to(skin, (len(z), 3)).copy()
        a = np.abs(phi)
        colors[(np.abs(z - chin - 0.037) < 0.007) & (a < 0.30)] = 0.55 * skin + np.array([60.0, 10, 14])
        colors[(np.abs(z - chin - 0.112) < 0.006) & (np.abs(a - 0.37) < 0.12)] = 0.42 * skin
        colors[(np.abs(z - chin - 0.132) < 0.005) & (np.abs(a - 0.38) < 0.22)] = 0.45 * np.asarray(o.hair) + 0.4 * skin
        self.add(skull, colors)
        self._hair(face, c, chin, top, hb, hl)

    @staticmethod
    def _neck_weights(joint: Array, chin: float) -> Callable[[Array, Array], Array]:
        def weigh(points: Array, phi: Array) -> Array:
            z = points[:, 2]
            low = smoothstep(z, joint[2] + 0.02, joint[2] - 0.02)
            high = smoothstep(z, chin - 0.02, chin + 0.03)
            return np.stack([low, (1 - low) * (1 - high), (1 - low) * high], axis=1)

        return weigh

    def _hair(self, face: list[tuple[float, ...]], c: float, chin: float, top: float, hb: float, hl: float) -> None:
        style, vol = self.body.hair, self.body.hair_volume
        thick = {"cropped": 0.006, "short": 0.014, "full": 0.026, "bob": 0.024, "long": 0.020, "bun": 0.010,
                 "ponytail": 0.011, "curly": 0.040}[style] * vol  # fmt: skip
        reach = {"cropped": 0.10, "short": 0.06, "full": 0.04, "curly": 0.02, "bun": 0.07, "ponytail": 0.07,
                 "bob": -0.02, "long": -0.04}[style]  # fmt: skip
        lowest = chin + reach
        stations = [(s, x, y, a, f, k) for s, x, y, a, f, k in face if s > chin]
        stations[-1] = (top + thick, *stations[-1][1:])
        stations[-2] = (top + 0.6 * thick - 0.012, *stations[-2][1:])
        if lowest < chin + 0.006:
            neck = _radius(self.body["neck_circumference"])
            stations.insert(0, (lowest, c - 0.012, 0.0, 0.95 * hb, 0.2 * hl, 1.25 * neck))

        def volume(s: Array, phi: Array) -> Array:
            wave = 1.0 + (0.16 * np.sin(9 * phi + 140 * s) if style == "curly" else 0.05 * np.sin(14 * phi))
            return thick * wave

        cap = sweep(Tube([s for s in stations], 2.1), self.spacing, _P["hair"], ("head",), None, volume)
        phi = np.abs(np.arctan2(cap.points[:, 1], cap.points[:, 0] - c))
        # The hairline runs from the brow over the ear to the nape.
        line = np.where(phi < 0.9, top - 0.052, np.where(phi < 1.45, top - 0.052 - (phi - 0.9) * 0.09, top - 0.11))
        line = np.where(phi > 1.95, lowest, line)
        if style in ("bob", "long", "curly"):
            line = np.where(phi > 1.15, lowest, line)
        cap = cap.keep(cap.v > line)
        self.add(cap, self._strands(cap))
        joint = self.joints["neck"]
        if style == "long":
            fall = [(joint[2] - 0.10 * vol, joint[0] - 0.055, 0.0, 0.35 * hb, 0.012, 0.015),
                    (joint[2] - 0.05, joint[0] - 0.05, 0.0, 0.95 * hb, 0.02, 0.04),
                    (joint[2] + 0.04, joint[0] - 0.035, 0.0, 1.12 * hb, 0.03, 0.048),
                    (chin + 0.05, c - 0.05, 0.0, 1.02 * hb, 0.03, 0.06),
                    (chin + 0.09, c - 0.05, 0.0, 0.8 * hb, 0.03, 0.05)]  # fmt: skip
            tail = sweep(Tube(fall), self.spacing, _P["hair"], ("thorax", "head"), _blend(chin + 0.05, joint[2] - 0.06))
            self.add(tail, self._strands(tail))
        elif style in ("bun", "ponytail"):
            z, x = (top - 0.055, c - 0.52 * hl - 0.015) if style == "bun" else (top - 0.11, c - 0.5 * hl - 0.02)
            r = 0.036 * vol
            if style == "bun":
                blob = [(z - r, x, 0.0, 0.002, 0.002, 0.002), (z - 0.7 * r, x, 0.0, 0.7 * r, 0.7 * r, 0.7 * r),
                        (z, x, 0.0, r, r, r), (z + 0.7 * r, x, 0.0, 0.7 * r, 0.7 * r, 0.7 * r),
                        (z + r, x, 0.0, 0.002, 0.002, 0.002)]  # fmt: skip
            else:
                blob = [(z - 0.20 * vol, x - 0.012, 0.0, 0.004, 0.004, 0.004), (z - 0.13, x - 0.016, 0.0, 0.02, 0.02, 0.02),
                        (z - 0.03, x - 0.012, 0.0, 0.024, 0.024, 0.026), (z + 0.02, x, 0.0, 0.018, 0.02, 0.018),
                        (z + 0.035, x + 0.01, 0.0, 0.002, 0.002, 0.002)]  # fmt: skip
            knot = sweep(Tube(blob), self.spacing, _P["hair"], ("head",))
            self.add(knot, self._strands(knot))

    def _strands(self, patch: Patch) -> Array:
        shade = 1.0 + 0.13 * np.sin(160 * patch.u + 23 * patch.v) + 0.06 * np.sin(371 * patch.u)
        return np.clip(np.asarray(self.outfit.hair) * shade[:, None], 0, 255)

    # -- arms -------------------------------------------------------------------------------------------
    def arm(self, side: str) -> None:
        d, o = self.body.dims, self.outfit
        sign = 1.0 if side == "l" else -1.0
        shoulder, elbow, wrist = (self.joints[f"{n}_{side}"] for n in ("upperarm", "forearm", "hand"))
        x, y = shoulder[0], shoulder[1]
        r1 = _radius(0.90 * d["biceps_circumference_flexed"])
        r2 = _radius(0.94 * d["forearm_circumference_flexed"])
        r3 = _radius(d["wrist_circumference"])
        deltoid = max(d["bideltoid_breadth"] / 2 - abs(y), 0.9 * r1)
        length = shoulder[2] - elbow[2]
        fore = elbow[2] - wrist[2]
        end = elbow[2] + length * (1 - o.sleeve) if o.sleeve <= 1 else elbow[2] - fore * (o.sleeve - 1)
        bulk = 0.0 if self.coat is None else 0.55 * self.coat.bulk + 0.004
        if self.coat is not None:
            end = wrist[2] + 0.01
        air = 0.8 * o.loose[0] + bulk
        top = shoulder[2] + 0.62 * deltoid + 0.6 * (air - 0.008)
        raw = [
            (wrist[2] - 0.012, 0.0, r3, 1.08 * r3), (wrist[2] + 0.03, 0.0, 0.98 * r3, 1.12 * r3),
            (wrist[2] + 0.45 * fore, -0.002, 0.82 * r2, 0.86 * r2), (elbow[2] - 0.25 * fore, 0.0, r2, r2),
            (elbow[2], 0.0, 0.88 * r2, 0.92 * r2), (elbow[2] + 0.25 * length, 0.002, 0.90 * r1, 0.94 * r1),
            (elbow[2] + 0.55 * length, 0.004, r1, 1.06 * r1), (shoulder[2] - 0.03, 0.002, 0.96 * deltoid, 1.06 * deltoid),
            (shoulder[2] + 0.20 * deltoid, 0.0, 0.88 * deltoid, 0.95 * deltoid),
            (shoulder[2] + 0.45 * deltoid, -0.002, 0.62 * deltoid, 0.68 * deltoid), (top, -0.004, 0.012, 0.012),
        ]  # fmt: skip
        cuff = 0.5 * bulk

        def clothed(z: float) -> float:
            inside = float(smoothstep(np.array(z), end - 0.004, end + 0.004))
            inside *= float(smoothstep(np.array(z), top + 0.001, shoulder[2] + 0.3 * deltoid))
            flare = 0.5 * cuff * float(smoothstep(np.array(z), elbow[2], wrist[2]))
            return inside * (air + flare)

        knots = sorted(raw + [self._between(raw, end - 0.006), self._between(raw, end + 0.006)])
        # Towards its top the muscle leans on the trunk: shoulders slope, they carry no epaulettes.
        lean = [0.55 * deltoid * float(smoothstep(np.array(z), shoulder[2] - 0.02, top)) for z, *_ in knots]
        stations = [
            (z, x + cx, y - sign * inward, a + clothed(z), b + clothed(z), b + clothed(z))
            for (z, cx, a, b), inward in zip(knots, lean, strict=True)
        ]

        def weigh(points: Array, phi: Array) -> Array:
            z = points[:, 2]
            lower = smoothstep(z, elbow[2] + 0.035, elbow[2] - 0.035)
            body = 0.75 * smoothstep(z, shoulder[2] - 0.02, top)
            hand = 0.5 * smoothstep(z, wrist[2] + 0.02, wrist[2] - 0.012)
            return np.stack([body, (1 - body) * (1 - lower), lower * (1 - hand), lower * hand], axis=1)

        bones = ("thorax", f"upperarm_{side}", f"forearm_{side}", f"hand_{side}")
        patch = sweep(Tube(stations), self.spacing, _P[f"upperarm_{side}"], bones, weigh)
        skin = np.broadcast_to(np.asarray(o.skin), (len(patch.points), 3))
        pattern = o.top if self.coat is None else self.coat.pattern
        cloth = paint(pattern, patch.u, patch.v)
        if pattern.kind == "print":
            cloth[:] = np.asarray(pattern.base)
        cloth[np.abs(patch.v - end) < 0.008] *= 0.75
        color = np.where((patch.v > end)[:, None], cloth, skin)
        upper = patch.v > elbow[2]
        self.add(patch.keep(upper), color[upper])
        low = patch.keep(~upper)
        self.add(Patch(low.points, low.normals, _P[f"forearm_{side}"], low.u, low.v, low.bones, low.weights), color[~upper])
        self._hand(side, sign, wrist, r3)

    @staticmethod
    def _between(raw: list[tuple[float, float, float, float]], z: float) -> tuple[float, float, float, float]:
        table = np.asarray(raw)
        z = float(np.clip(z, table[0, 0] + 0.001, table[-1, 0] - 0.001))
        return (z, *(float(np.interp(z, table[:, 0], table[:, i])) for i in (1, 2, 3)))  # type: ignore[return-value]

    def _hand(self, side: str, sign: float, wrist: Array, r3: float) -> None:
        n = self.body["hand_length"]
        x, y, z = wrist
        palm = [
            (z - 0.93 * n, x + 0.030, y - 0.022 * sign, 0.003, 0.006, 0.006),
            (z - 0.88 * n, x + 0.028, y - 0.020 * sign, 0.011, 0.020, 0.018),
            (z - 0.66 * n, x + 0.018, y - 0.010 * sign, 0.014, 0.033, 0.030),
            (z - 0.45 * n, x + 0.010, y - 0.002 * sign, 0.017, 0.041, 0.037),
            (z - 0.22 * n, x + 0.004, y, 0.019, 0.038, 0.034),
            (z - 0.04 * n, x, y, 0.88 * r3, r3, r3),
            (z + 0.012, x, y, 0.8 * r3, 0.9 * r3, 0.9 * r3),
        ]
        thumb = [
            (z - 0.56 * n, x + 0.062, y - 0.018 * sign, 0.003, 0.004, 0.004),
            (z - 0.50 * n, x + 0.060, y - 0.017 * sign, 0.010, 0.011, 0.011),
            (z - 0.32 * n, x + 0.042, y - 0.010 * sign, 0.011, 0.013, 0.013),
            (z - 0.14 * n, x + 0.020, y - 0.004 * sign, 0.010, 0.012, 0.012),
        ]
        for tube in (palm, thumb):
            patch = sweep(Tube(tube, 2.3), self.spacing, _P[f"hand_{side}"], (f"hand_{side}",))
            self.add(patch, 0.96 * np.asarray(self.outfit.skin))

    # -- legs -------------------------------------------------------------------------------------------
    def leg(self, side: str) -> None:
        d, o = self.body.dims, self.outfit
        sign = 1.0 if side == "l" else -1.0
        hip, knee, ankle = (self.joints[f"{n}_{side}"] for n in ("thigh", "shank", "foot"))
        rt, rl = _radius(d["thigh_circumference"]), _radius(d["lower_thigh_circumference"])
        rc, ra = _radius(d["calf_circumference"]), _radius(d["ankle_circumference"])
        thigh, shank = self.groin - knee[2], knee[2] - ankle[2]
        outer = d["hip_breadth"] / 2 - 0.94 * rt
        shift = sign * outer - hip[1]
        end = knee[2] + thigh * (1 - o.hem) if o.hem <= 1 else knee[2] - shank * (o.hem - 1)
        air, cover = o.loose[1], not o.skirt
        raw = [
            (ankle[2] - 0.02, -0.004, 0.0, 0.95 * ra, 1.1 * ra), (ankle[2] + 0.03, -0.006, 0.0, 0.92 * ra, 1.08 * ra),
            (ankle[2] + 0.30 * shank, -0.008, 0.0, 0.66 * rc + 0.2 * ra, 0.72 * rc + 0.2 * ra),
            (knee[2] - 0.30 * shank, -0.014, 0.0, 0.97 * rc, 1.03 * rc), (knee[2] - 0.12 * shank, -0.008, 0.0, 0.9 * rc, 0.97 * rc),
            (knee[2], 0.002, 0.0, 0.90 * rl, 0.95 * rl), (knee[2] + 0.20 * thigh, 0.004, 0.1, rl, 1.03 * rl),
            (knee[2] + 0.55 * thigh, 0.003, 0.45, 0.45 * rl + 0.52 * rt, 0.45 * rl + 0.58 * rt),
            (self.groin - 0.02, 0.0, 1.0, 0.93 * rt, 1.06 * rt), (self.groin + 0.4 * (hip[2] - self.groin), -0.004, 1.0, 0.92 * rt, 1.02 * rt),
            (hip[2] + 0.03, 0.0, 1.0, 0.80 * rt, 0.86 * rt), (hip[2] + 0.075, 0.0, 1.0, 0.3 * rt, 0.3 * rt),
        ]  # fmt: skip
        stations = []
        for z, cx, share, a, b in raw:
            flare = 1.0 + 1.3 * float(smoothstep(np.array(z), knee[2] + 0.05, ankle[2] + 0.03))
            extra = air * flare if (z > end and cover) else 0.0
            stations.append((z, hip[0] + cx + 0.004, hip[1] + share * shift, a + extra, b + extra, b + extra))
        if cover:
            table = np.asarray(stations)
            for z, wide in ((end + 0.006, True), (end - 0.006, False)):
                row = [float(np.interp(z, table[:, 0], table[:, i])) for i in range(1, 6)]
                bare = [float(np.interp(z, [r[0] for r in raw], [r[i] for r in raw])) for i in (3, 4)]
                extra = air * (1.0 + 1.3 * float(smoothstep(np.array(z), knee[2] + 0.05, ankle[2] + 0.03))) if wide else 0.0
                stations.append((z, row[0], row[1], bare[0] + extra, bare[1] + extra, bare[1] + extra))
            stations.sort()

        def weigh(points: Array, phi: Array) -> Array:
            z = points[:, 2]
            low = smoothstep(z, knee[2] + 0.05, knee[2] - 0.05)
            high = 0.75 * smoothstep(z, self.groin + 0.01, hip[2] + 0.075)
            foot = 0.6 * smoothstep(z, ankle[2] + 0.05, ankle[2] - 0.02)
            return np.stack([high, (1 - high) * (1 - low), low * (1 - foot), low * foot], axis=1)

        def folds(s: Array, phi: Array) -> Array:
            return 0.0011 * np.sin(2 * phi + 61 * s + 2 * np.sin(phi + 19 * s)) * (s > end) * cover

        bones = ("pelvis", f"thigh_{side}", f"shank_{side}", f"foot_{side}")
        patch = sweep(Tube(stations), self.spacing, _P[f"thigh_{side}"], bones, weigh, folds)
        z = patch.v
        cloth = paint(o.bottom, patch.u, patch.v)
        skin = np.broadcast_to(np.asarray(o.skin), cloth.shape).copy()
        if o.boots:
            skin[z < ankle[2] + 0.3 * shank] = np.asarray(o.shoes)
        else:
            skin[z < ankle[2] + 0.07] = 0.5 * np.asarray(o.sole) + 40
        color = np.where((z > end)[:, None] & cover, cloth, skin)
        visible = np.ones(len(z), dtype=bool)
        if self.coat is not None:
            visible = z < self._coat_hem() + 0.07
        elif o.skirt:
            visible = z < end + 0.07
        upper = z > knee[2]
        self.add(patch.keep(visible & upper), color[visible & upper])
        low = patch.keep(visible & ~upper)
        self.add(
            Patch(low.points, low.normals, _P[f"shank_{side}"], low.u, low.v, low.bones, low.weights), color[visible & ~upper]
        )
        self._shoe(side, ankle)

    def _shoe(self, side: str, ankle: Array) -> None:
        d, o = self.body.dims, self.outfit
        n, w = d["foot_length"], 0.5 * d["foot_breadth"] + 0.004
        x, y, top = ankle[0], ankle[1], ankle[2] + 0.012

        def at(share: float, half: float, high: float) -> tuple[float, float, float, float, float, float]:
            # The sole is flat: the section reaches down to the floor whatever its height.
            mid = 0.38 * high
            return (x + share * n, mid, y, half * w, high - mid, mid - 0.001)

        stations = [
            at(-0.275, 0.12, 0.045), at(-0.262, 0.48, 0.068), at(-0.21, 0.70, 0.9 * top), at(-0.09, 0.74, top),
            at(0.06, 0.76, 0.96 * top), at(0.20, 0.84, 0.79 * top), at(0.36, 0.97, 0.60 * top), at(0.50, 1.02, 0.056),
            at(0.64, 0.88, 0.046), at(0.74, 0.60, 0.038), at(0.775, 0.20, 0.028),
        ]  # fmt: skip
        ball = self.joints[f"toes_{side}"][0]

        def weigh(points: Array, phi: Array) -> Array:
            toe = smoothstep(points[:, 0], ball - 0.025, ball + 0.025)
            shin = 0.5 * smoothstep(points[:, 2], ankle[2] - 0.015, ankle[2] + 0.015)
            return np.stack([(1 - toe) * (1 - shin), toe, (1 - toe) * shin], axis=1)

        bones = (f"foot_{side}", f"toes_{side}", f"shank_{side}")
        tube = Tube([(s, z, y0, a, up, down) for s, z, y0, a, up, down in stations], 2.7, "x")
        patch = sweep(tube, self.spacing, _P[f"foot_{side}"], bones, weigh)
        color = np.broadcast_to(np.asarray(o.shoes), (len(patch.points), 3)).copy()
        color[patch.points[:, 2] < 0.020] = np.asarray(o.sole)
        self.add(patch, color)

    # -- coat and skirt ---------------------------------------------------------------------------------
    def _coat_hem(self) -> float:
        assert self.coat is not None
        knee = self.joints["shank_l"][2]
        return self.groin + 0.02 - self.coat.hem * (self.groin - knee)

    def apron(self, part: str, low: float, flare: float, bulk: float, top: float, color: Callable[[Patch], Array]) -> None:
        """A coat's or dress's tail around both legs, hung on four panels that the thighs push."""
        d = self.body.dims
        hip, bd = d["hip_breadth"] / 2, d["buttock_depth"]
        hip_z = self.joints["thigh_l"][2]
        waist = 0.5 * (d["hip_breadth"] + d["waist_breadth"]) / 2
        span = hip_z - low
        stations = [
            (low, 0.0, 0.0, hip + bulk + flare, 0.46 * bd + bulk + flare, 0.50 * bd + bulk + flare),
            (low + 0.5 * span, 0.0, 0.0, hip + bulk + 0.5 * flare, 0.46 * bd + bulk + 0.5 * flare,
             0.52 * bd + bulk + 0.45 * flare),
            (hip_z, 0.0, 0.0, hip + bulk + 0.004, 0.455 * bd + bulk + 0.004, 0.54 * bd + bulk + 0.004),
            (top, 0.0, 0.0, waist + bulk, 0.22 * bd + 0.27 * d["waist_depth"] + bulk,
             0.20 * bd + 0.24 * d["waist_depth"] + bulk),
        ]  # fmt: skip

        def weigh(points: Array, phi: Array) -> Array:
            follow = 0.92 * smoothstep(points[:, 2], hip_z + 0.04, hip_z - 0.16)
            left = smoothstep(np.sin(phi), -0.55, 0.55)
            front = smoothstep(np.cos(phi), -0.6, 0.6)
            return np.stack(
                [1 - follow, follow * front * left, follow * front * (1 - left), follow * (1 - front) * left,
                 follow * (1 - front) * (1 - left)], axis=1,
            )  # fmt: skip

        def folds(s: Array, phi: Array) -> Array:
            return 0.005 * np.sin(6 * phi + 4 * s) * smoothstep(s, hip_z, low)

        bones = ("pelvis", "panel_fl", "panel_fr", "panel_bl", "panel_br")
        patch = sweep(Tube(stations, 2.2), self.spacing, _P[part], bones, weigh, folds)
        # The hem is open: its inside is seen from below when the legs part, so it needs points facing inwards.
        inside = patch.keep(patch.v < low + 0.12)
        lining = Patch(
            inside.points - 0.004 * inside.normals, -inside.normals, inside.part, inside.u, inside.v, inside.bones,
            inside.weights,
        )  # fmt: skip
        shade = color(patch)
        shade[np.abs(patch.v - low) < 0.008] *= 0.75
        self.add(patch, shade)
        self.add(lining, 0.45 * color(lining))

    def outerwear(self) -> None:
        if self.coat is not None:
            coat = self.coat

            def cloth(patch: Patch) -> Array:
                c = paint(coat.pattern, patch.u, patch.v)
                opening = (np.abs(patch.points[:, 1]) < 0.008) & (patch.points[:, 0] > 0)
                c[opening] *= 0.7
                return c

            self.apron("coat", self._coat_hem(), coat.flare, coat.bulk, self.waist, cloth)
            self._collar(coat)
        elif self.outfit.skirt:
            knee = self.joints["shank_l"][2]
            low = knee + (self.groin - knee) * (1 - self.outfit.hem)
            flare = 0.02 + 1.5 * self.outfit.loose[1]
            self.apron("skirt", low, flare, 0.006, self.waist, lambda p: paint(self.outfit.bottom, p.u, p.v))

    def _collar(self, coat: Coat) -> None:
        neck = _radius(self.body["neck_circumference"])
        x, _, z = self.joints["neck"]
        base = np.asarray(coat.pattern.base)
        if coat.collar == "collar":
            ring = [(z - 0.035, x, 0.0, neck + 0.05, neck + 0.045, neck + 0.045), (z + 0.0, x, 0.0, neck + 0.03, neck + 0.03, neck + 0.03),
                    (z + 0.05, x + 0.004, 0.0, neck + 0.022, neck + 0.028, neck + 0.024), (z + 0.058, x + 0.004, 0.0, neck + 0.004, neck + 0.01, neck + 0.004)]  # fmt: skip
            patch = sweep(Tube(ring), self.spacing, _P["coat"], ("thorax", "neck"), _blend(z + 0.06, z - 0.02))
            front = (patch.points[:, 0] > x + 0.5 * neck) & (np.abs(patch.points[:, 1]) < 0.6 * (patch.v - z + 0.05))
            patch = patch.keep(~front)
            self.add(patch, np.clip(0.86 * base, 0, 255))
        elif coat.collar == "hood":
            bag = [(z - 0.13, x - 0.075, 0.0, 0.02, 0.01, 0.012), (z - 0.09, x - 0.08, 0.0, 0.085, 0.03, 0.04),
                   (z - 0.03, x - 0.075, 0.0, 0.11, 0.04, 0.05), (z + 0.025, x - 0.055, 0.0, 0.10, 0.04, 0.045),
                   (z + 0.055, x - 0.045, 0.0, 0.06, 0.02, 0.02)]  # fmt: skip
            patch = sweep(Tube(bag, 2.3), self.spacing, _P["coat"], ("thorax",))
            self.add(patch, np.clip(0.9 * base, 0, 255))

    # -- bag --------------------------------------------------------------------------------------------
    def baggage(self) -> None:
        bag, d = self.bag, self.body.dims
        if bag is None:
            return
        k = bag.size
        sign = 1.0 if bag.side == "l" else -1.0
        bulk = 0.0 if self.coat is None else self.coat.bulk
        if bag.kind == "backpack":
            acromion = d["acromial_height"] + SOLE
            z1, h, w, t = acromion - 0.015, 0.43 * k, 0.150 * k, 0.085 * k
            x = -self.body.posture[0] - 0.46 * d["chest_depth"] - bulk - t + 0.01
            box = self._box(z1 - h, z1, x, 0.0, w, t, 0.6)
            patch = sweep(Tube(box, 3.2), self.spacing, _P["bag"], ("thorax",))
        elif bag.kind == "shoulder":
            z1, h, w, t = self.waist - 0.02, 0.27 * k, 0.055 * k, 0.16 * k
            y = sign * (d["hip_breadth"] / 2 + bulk + w + 0.012)
            box = self._box(z1 - h, z1, -0.02, y, w, t, 0.9)
            patch = sweep(Tube(box, 3.4), self.spacing, _P["bag"], ("pelvis", "thorax"), self._constant(0.6))
        else:
            grip = self.joints[f"hand_{bag.side}"] + np.array([0.012, 0.0, -0.085])
            h, w, t = 0.27 * k, 0.055 * k, 0.17 * k
            z1 = grip[2] - 0.10
            box = self._box(z1 - h, z1, grip[0], grip[1], w, t, 0.85)
            patch = sweep(Tube(box, 3.4), self.spacing, _P["bag"], ("bag",))
            for dx in (-0.4 * t, 0.4 * t):
                handle = [(z1 - 0.01, grip[0] + dx, grip[1], 0.009, 0.009, 0.009), (z1 + 0.05, grip[0] + 0.8 * dx, grip[1], 0.008, 0.008, 0.008),
                          (grip[2] - 0.005, grip[0] + 0.25 * dx, grip[1], 0.009, 0.009, 0.009)]  # fmt: skip
                self.add(sweep(Tube(handle), self.spacing, _P["bag"], ("bag",)), 0.7 * np.asarray(bag.pattern.base))
        color = paint(bag.pattern, patch.u, patch.v)
        middle = 0.5 * (patch.v.min() + patch.v.max())
        color[np.abs(patch.v - middle) < 0.006] *= 0.6
        color[patch.v > patch.v.max() - 0.03] *= 0.82
        self.add(patch, color)

    @staticmethod
    def _box(low: float, high: float, x: float, y: float, w: float, t: float, top: float) -> list[tuple[float, ...]]:
        h = high - low
        return [
            (low, x, y, 0.2 * w, 0.2 * t, 0.2 * t), (low + 0.03 * h, x, y, 0.85 * w, 0.85 * t, 0.85 * t),
            (low + 0.12 * h, x, y, w, t, t), (low + 0.6 * h, x, y, w, t, t),
            (low + 0.9 * h, x, y, (0.4 + 0.6 * top) * w, top * t, top * t), (low + 0.97 * h, x, y, 0.7 * w, 0.6 * top * t, 0.6 * top * t),
            (high, x, y, 0.2 * w, 0.1 * t, 0.1 * t),
        ]  # fmt: skip

    @staticmethod
    def _constant(share: float) -> Callable[[Array, Array], Array]:
        def weigh(points: Array, phi: Array) -> Array:
            return np.broadcast_to(np.array([share, 1 - share]), (len(points), 2)).copy()

        return weigh


def build_figure(body: Body, outfit: Outfit, coat: Coat | None, bag: Bag | None, spacing: float) -> Figure:
    """Dress `body` and sample its surface about every `spacing` metres.

    Parameters
    ----------
    body, outfit, coat, bag
        Who, and what is worn; coat and bag may be None.
    spacing : float
        Metres between neighbouring points; about half a pixel at the person's distance leaves no gap.
    """
    tailor = _Tailor(body, outfit, coat, bag, spacing)
    tailor.trunk()
    tailor.head()
    for side in "lr":
        tailor.arm(side)
        tailor.leg(side)
    tailor.outerwear()
    tailor.baggage()
    return _gather(tailor.patches)


def _gather(patches: list[tuple[Patch, Array]]) -> Figure:
    """Sort all points by the bones that really move them: most follow one, and cost a quarter of four."""
    found: dict[tuple[int, ...], list[tuple[Array, Array, Array, NDArray[np.uint8]]]] = {}
    for patch, color in patches:
        bones = bone_indices(patch.bones)
        weights = np.where(patch.weights < 4e-3, 0.0, patch.weights)
        weights /= weights.sum(axis=1, keepdims=True)
        code = (weights > 0) @ (1 << np.arange(len(bones)))
        position = np.concatenate([patch.points, np.ones((len(patch.points), 1))], axis=1)
        for value in np.unique(code):
            active = [i for i in range(len(bones)) if value >> i & 1]
            order = np.argsort(bones[active])
            chosen = np.asarray(active)[order]
            here = code == value
            w = weights[here][:, chosen, None]
            found.setdefault(tuple(int(b) for b in bones[chosen]), []).append(
                (
                    (w * position[here][:, None, :]).reshape(-1, 4 * len(chosen)),
                    (w * patch.normals[here][:, None, :]).reshape(-1, 3 * len(chosen)),
                    color[here],
                    np.full(int(here.sum()), patch.part, dtype=np.uint8),
                )
            )
    groups, colors, parts = [], [np.zeros((1, 4))], [np.zeros(1, dtype=np.uint8)]
    for names in sorted(found):
        positions, normals, paints, labels = (np.concatenate(x) for x in zip(*found[names], strict=True))
        groups.append(
            (
                np.asarray(names, dtype=np.intp),
                np.ascontiguousarray(positions.T, dtype=np.float32),
                np.ascontiguousarray(normals.T, dtype=np.float32),
            )
        )
        colors.append(np.concatenate([paints, np.full((len(paints), 1), 255.0)], axis=1))
        parts.append(labels)
    return Figure(groups, np.concatenate(colors).astype(np.float32), np.concatenate(parts))

"""Names and figures of PROTOCOL that several rooms spell: each stands here once."""

from __future__ import annotations

__all__ = [
    "ANGLES", "ATTACKERS", "BROKEN", "CONTROLS", "EXTRAPOLATION", "FILM_NAMES", "GALLERIES", "LITTLE_LOSS", "SETS",
    "SLIDES_HIGHEST", "SLIDES_LOWEST", "SLIDES_SYSTEM", "WALKER_KINDS",
]  # fmt: skip

#: The eleven viewing angles of CASIA-B in degrees (0 = towards the camera, 90 = side view).
ANGLES: tuple[int, ...] = tuple(range(0, 181, 18))

#: Films of the embedded walkers beside the usual one (`gaitbench.datasets.walkers.films` says what each is).
FILM_NAMES: tuple[str, ...] = ("grey", "small", "indoor", "cctv")

#: Embedded walkers beside the plain ones (`gaitbench.datasets.walkers.uneven`).
WALKER_KINDS: tuple[str, ...] = ("uneven",)

#: Anonymizers that are no anonymizers: they show what the measures say of known answers.
CONTROLS: tuple[str, ...] = ("original", "someone-else", "constant", "oracle")

#: From the attacker who knows least to the one who knows most.
ATTACKERS: tuple[str, ...] = (
    "ignorant",
    "lazy-informed",
    "semi-informed",
    "joint",
    "informed",
    "linked",
    "de-anonymize",
)

#: The strongest first.
GALLERIES: tuple[str, ...] = ("all-views", "same-view", "cross-view")

#: The four test sets of the slides, in their order.
SETS: tuple[str, ...] = ("plain", "textural", "complete", "incomplete")

#: Share of what an attack loses between untouched walks and a blind guess: with less than half lost, nobody is hidden
#: (ours).
BROKEN = 0.5

#: The slides' lowest and highest success rate over the angles of CASIA-B, in percent (given; the angles' own are not).
SLIDES_LOWEST, SLIDES_HIGHEST = 79.04, 93.61

#: Anonymizer, attacker, recognizer, input: the slides' own cell.
SLIDES_SYSTEM = ("model-2", "ignorant", "robust-vtm", "silhouette")

#: What the proposed colorizer may lose from complete to incomplete silhouettes and still be said to lose little, in dB
#: (ours; the slides lose 0.37).
LITTLE_LOSS = 0.5

#: The assumption behind every figure for a larger gallery (`gaitbench.metrics.gallery_size`); printed beside them.
EXTRAPOLATION = (
    "further people come from the same population, and the chance that one of them is ranked before the true subject "
    "is beta-distributed over the probes"
)

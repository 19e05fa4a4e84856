"""Claims about pictures and gaits, each with what was measured: the slides' and our own (a miss is a finding)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from typing import Literal

from gaitbench.evaluation.rows.pictures.naturalness_rows import INCOMPLETE
from gaitbench.protocol import LITTLE_LOSS
from gaitbench.results.schema import Check, Quality, QualityDifference
from gaitbench.results.schema_pictures import Naturalness, PictureMeasure

__all__ = ["naturalness_claims", "picture_claims"]

#: The slides name no reference: colour alone fits their levels and gaps best, and the whole crop stands beside it.
_REFERENCES = ("overlap", "original")
#: What our own colorizer shall gain over the proposed one where the answer is known, in dB (ours).
_OWN_GAIN = 1.0
#: Percent of the frames that must be in one piece (ours).
_UNBROKEN = 98.0


def picture_claims(
    anonymizer: str,
    differences: Sequence[QualityDifference],
    quality: Sequence[Quality],
    measures: Sequence[PictureMeasure],
) -> Iterator[Check]:
    """What the slides claim of their colorizer and we of ours.

    Parameters
    ----------
    anonymizer : str
        The suite's first, whose silhouettes count under reference `original`.
    """
    yield from _proposed_wins(anonymizer, differences)
    yield from _proposed_is_sharper(anonymizer, measures)
    yield from _proposed_stands_gaps(anonymizer, quality)
    yield from _own_is_truer(differences, measures)


def _proposed_wins(anonymizer: str, rows: Sequence[QualityDifference]) -> Iterator[Check]:
    for reference, measure in product(_REFERENCES, ("psnr", "ssim")):
        cell = ("proposed", "baseline", measure, reference, anonymizer)
        mine = [
            r
            for r in rows
            if (r.a, r.b, r.measure, r.reference, r.anonymizer) == cell and r.difference is not None
        ]
        if mine:
            unit = " dB" if measure == "psnr" else ""
            yield Check(
                f"proposed beats baseline in {measure.upper()} on every set (reference {reference}, interval above 0)",
                _wins(mine),
                "; ".join(
                    f"{r.set} {r.difference:+.4f}{unit} [{r.ci_low:+.4f}, {r.ci_high:+.4f}]" for r in mine
                )
                + _of_trainings(mine[0]),
                "claim",
            )


def _wins(rows: Sequence[QualityDifference]) -> bool | None:
    """Whether proposed wins every cell; None where it loses none, but one of them cannot be told."""
    if all(r.winner == "proposed" for r in rows):
        return True
    return False if any(r.winner == "baseline" for r in rows) else None


def _of_trainings(row: QualityDifference) -> str:
    counts = f"{row.trainings_a or 0} and {row.trainings_b or 0} trainings"
    if row.few_trainings:
        return f"; cannot be told from {counts}: the spread between trainings is unknown"
    return f"; {counts}, intervals over people and trainings"


def _sharpness(
    rows: Sequence[PictureMeasure], anonymizer: str | None, reference: str
) -> dict[str, PictureMeasure]:
    """Sharpness of each colorizer on the textural set; `anonymizer` None takes the only one that has it."""
    return {
        r.colorizer: r
        for r in rows
        if (r.measure, r.set, r.reference) == ("sharpness", "textural", reference)
        and anonymizer in (None, r.anonymizer)
        and r.value is not None
    }


def _sharper(
    found: dict[str, PictureMeasure], a: str, b: str, name: str, kind: Literal["finding", "claim"]
) -> Iterator[Check]:
    """Whether the sharpness of `a` is nearer to 1 than that of `b`, where both were measured."""
    if a in found and b in found:
        mine, other = (found[n].value or 0.0 for n in (a, b))
        yield Check(
            name, abs(mine - 1.0) < abs(other - 1.0), f"sharpness {mine:.3f} against {other:.3f}", kind
        )


def _proposed_is_sharper(anonymizer: str, rows: Sequence[PictureMeasure]) -> Iterator[Check]:
    yield from _sharper(
        _sharpness(rows, anonymizer, "overlap"), "proposed", "baseline",
        "proposed keeps textures sharper than baseline (textural set, reference overlap, nearer to 1)",
        "claim",
    )  # fmt: skip


def _proposed_stands_gaps(anonymizer: str, rows: Sequence[Quality]) -> Iterator[Check]:
    found = {
        r.set: r.psnr
        for r in rows
        if (r.anonymizer, r.colorizer, r.reference) == (anonymizer, "proposed", "overlap")
        and r.psnr is not None
    }
    if "complete" in found and "incomplete" in found:
        loss = found["complete"] - found["incomplete"]
        yield Check(
            f"proposed loses at most {LITTLE_LOSS} dB on incomplete silhouettes (reference overlap; slides 0.37 dB)",
            loss <= LITTLE_LOSS,
            f"complete {found['complete']:.2f} dB, incomplete {found['incomplete']:.2f} dB: {loss:+.2f} dB",
            "claim",
        )


def _own_is_truer(
    differences: Sequence[QualityDifference], measures: Sequence[PictureMeasure]
) -> Iterator[Check]:
    cell = ("gaitbench", "proposed", "textural", "truth", "psnr")
    row = next((r for r in differences if (r.a, r.b, r.set, r.reference, r.measure) == cell), None)
    if row is not None and row.difference is not None:
        yield Check(
            f"gaitbench's colorizer is at least {_OWN_GAIN:g} dB truer than proposed (reference truth, textural set)",
            row.difference >= _OWN_GAIN,
            f"{row.difference:+.3f} dB [{row.ci_low:+.3f}, {row.ci_high:+.3f}]",
            "finding",
        )
    yield from _sharper(
        _sharpness(measures, None, "truth"), "gaitbench", "proposed",
        "gaitbench's colorizer is sharper than proposed (reference truth, textural set, nearer to 1)",
        "finding",
    )  # fmt: skip


def naturalness_claims(rows: Sequence[Naturalness]) -> Iterator[Check]:
    """The slides: Model 2 keeps a gait whole whatever comes in, Model 1 follows what it is given."""
    found = {
        r.anonymizer: r
        for r in rows
        if (r.measure, r.variant) == ("unbroken", INCOMPLETE) and r.value is not None
    }
    for name, whole in (("model-2", True), ("model-1", False)):
        if name not in found:
            continue
        value = found[name].value or 0.0
        # Model 2 gives back the largest component of what it draws, so that its figure cannot be another.
        kept = "keeps incomplete silhouettes whole, by construction: its output is one component"
        verb = kept if whole else "breaks on incomplete silhouettes"
        bound = f"{'at least' if whole else 'under'} {_UNBROKEN:g} % of the frames unbroken"
        yield Check(
            f"{name} {verb} ({bound})",
            (value >= _UNBROKEN) == whole,
            f"{value:.1f} % of the frames over {found[name].n} sequences of the incomplete set",
            "claim",
        )

"""From a video file to an anonymized one: names, what is there already, files that are whole or absent."""

from __future__ import annotations

import contextlib
import hashlib
import json
import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from gaitbench import __version__
from gaitbench.clips.film import Film, Shown, anonymized_film
from gaitbench.clips.people.beside import MOST
from gaitbench.clips.people.tracks import LEAST
from gaitbench.clips.scene import Scene, background_scene, learned_scene
from gaitbench.datasets.video import frame_rate, iter_video
from gaitbench.datasets.video_writing import write_mp4
from gaitbench.errors import ConfigError, DataError
from gaitbench.store.atomic import whole_folder, write_text
from gaitbench.systems import Anonymizer, Colorizer

__all__ = ["Outcome", "Wishes", "already_made", "anonymize_clip", "output_paths"]

#: Frames a second of a file without a clock.
_RATE = 25.0
#: Shares of the frames with a person from which it is said that people hide each other, or that silhouettes are torn.
_TOGETHER, _TORN = 0.05, 0.3


@dataclass(frozen=True)
class Wishes:
    """What is asked for beside the film.

    Parameters
    ----------
    background : Path or None
        A clip or picture of the empty scene.
    seed : int or None
        Of the bodies that are drawn; None draws one that nobody knows, and that is kept nowhere.
    masks : bool
        Keep the silhouettes, old and new, as pictures.
    side_by_side : bool
        Write a second film, the filmed one beside the new one.
    """

    background: Path | None = None
    seed: int | None = None
    masks: bool = False
    side_by_side: bool = False


@dataclass(frozen=True)
class Outcome:
    """What came of one clip.

    Parameters
    ----------
    output : Path
    frames, people : int
        Frames, and those with a person.
    rate : float
        Frames a second.
    notes : tuple of str
        What a reader should know: a phrase each.
    problems : tuple of str
        What makes the film not what it should be.
    """

    output: Path
    frames: int
    people: int
    rate: float
    notes: tuple[str, ...] = ()
    problems: tuple[str, ...] = field(default=())


def output_paths(videos: Sequence[Path], out: Path) -> list[Path]:
    """Where each video's film goes: OUT itself for one video where it is called .mp4, else OUT/NAME.mp4.

    Raises
    ------
    ConfigError
        If two would be one file, or a film would take the place of a video.
    """
    if out.suffix.lower() == ".mp4" and not out.is_dir():
        if len(videos) != 1:
            raise ConfigError(f"--output {out} is one file for {len(videos)} videos; give a folder")
        found = [out]
    elif out.exists() and not out.is_dir():
        raise ConfigError(f"--output {out} is a file; give a folder, or a name that ends in .mp4")
    else:
        found = [out / f"{video.stem}.mp4" for video in videos]
    taken: dict[Path, Path] = {}
    for video, path in zip(videos, found, strict=True):
        if path in taken:
            raise ConfigError(
                f"{taken[path]} and {video} would both become {path}; anonymize them into two folders"
            )
        if any(path.resolve() == one.resolve() for one in videos):
            raise ConfigError(f"{path} is one of the videos; give another --output")
        taken[path] = video
    return found


def note_path(output: Path) -> Path:
    """The note beside a film: what it was made of, and how."""
    return output.with_suffix(".json")


def already_made(output: Path, mark: str) -> bool:
    """Whether a film is there that was made of the same video in the same way.

    Raises
    ------
    DataError
        If something else is there: nothing is overwritten.
    """
    there = [p for p in _all_paths(output) if p.exists()]
    if not there:
        return False
    if output.exists():
        with contextlib.suppress(OSError, ValueError, AttributeError):
            if json.loads(note_path(output).read_text(encoding="utf-8")).get("mark") == mark:
                return True
    raise DataError(
        f"{there[0]} is there already and was not made of this video in this way; give another --output"
    )


def _all_paths(output: Path) -> list[Path]:
    return [output, note_path(output), _beside(output), _masks(output)]


def _beside(output: Path) -> Path:
    return output.with_name(f"{output.stem}.side-by-side.mp4")


def _masks(output: Path) -> Path:
    return output.with_name(f"{output.stem}.masks")


def mark_of(video: Path, anonymizer: Anonymizer, colorizer: Colorizer, wishes: Wishes) -> str:
    """What tells one making of a film from another; the seed is no part of it, or the note would give it away."""
    hashed = hashlib.sha256()
    with video.open("rb") as file:
        while block := file.read(1 << 20):
            hashed.update(block)
    background = None if wishes.background is None else str(wishes.background.resolve())
    told = [
        hashed.hexdigest(), __version__, anonymizer.name, asdict(anonymizer.settings), colorizer.name,
        asdict(colorizer.settings), background, wishes.masks, wishes.side_by_side,
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def anonymize_clip(
    video: Path,
    output: Path,
    anonymizer: Anonymizer,
    colorizer: Colorizer,
    wishes: Wishes,
    *,
    mark: str,
    progress: Callable[[float, str], None] | None = None,
) -> Outcome:
    """Write the anonymized film of one video, of the same size, length and rate, without sound.

    Parameters
    ----------
    video, output : Path
    anonymizer : Anonymizer
    colorizer : Colorizer
    wishes : Wishes
    mark : str
        From `mark_of`; kept in the note beside the film.
    progress : callable, optional
        Told the share that is done and a line of text.

    Raises
    ------
    DataError
        If the video cannot be read or shows nobody, the camera moves, or the film cannot be written. Nothing is left.
    """
    tell = progress or (lambda share, text: None)
    tell(0.0, "looking at the empty scene")
    scene = learned_scene(video) if wishes.background is None else background_scene(video, wishes.background)
    rate = _rate(video, scene)
    seed = secrets.randbits(63) if wishes.seed is None else wishes.seed
    film = Film(video, scene, anonymizer, colorizer, seed, rate)
    shown = anonymized_film(
        film, masks=wishes.masks, progress=lambda share, text: tell(0.1 + 0.8 * share, text)
    )
    height, width = scene.picture.shape[:2]
    how: dict[str, Any] = {
        "fps": rate,
        "crf": 18,
        "times": scene.times.tolist() if len(scene.times) else None,
        "odd": bool(height % 2 or width % 2),
    }
    output.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(whole_folder(_masks(output))) if wishes.masks else None
        write_mp4(output, _kept(shown, folder), **how)
    try:
        if wishes.side_by_side:
            write_mp4(_beside(output), _pairs(video, output, lambda s: tell(0.9 + 0.1 * s, "side by side"), film), **{
                **how, "odd": bool(height % 2)})  # fmt: skip
        outcome = _outcome(film, output, height, width)
        write_text(note_path(output), json.dumps(_note(video, outcome, film, mark), indent=1) + "\n")
    except BaseException:
        output.unlink(missing_ok=True)  # without its note nobody knows what it is
        raise
    return outcome


def _rate(video: Path, scene: Scene) -> float:
    if len(scene.times) > 1 and scene.times[-1] > 0:
        return (len(scene.times) - 1) / float(scene.times[-1])
    return frame_rate(video) or _RATE


def _kept(shown: Iterable[Shown], folder: Path | None) -> Iterator[NDArray[np.uint8]]:
    """The pictures; the silhouettes beside them go to a folder."""
    for number, one in enumerate(shown, start=1):
        if folder is not None:
            for name, mask in (("original", one.old), ("anonymized", one.new)):
                assert mask is not None
                path = folder / name / f"{number:06d}.png"
                path.parent.mkdir(exist_ok=True)
                path.write_bytes(cv2.imencode(".png", mask.astype(np.uint8) * 255)[1].tobytes())
        yield one.picture


def _pairs(
    video: Path, output: Path, tell: Callable[[float], None], film: Film
) -> Iterator[NDArray[np.uint8]]:
    for number, (old, new) in enumerate(zip(iter_video(video), iter_video(output), strict=True), start=1):
        tell(number / max(1, film.counts.frames))
        yield np.concatenate([old, new], axis=1)


def _outcome(film: Film, output: Path, height: int, width: int) -> Outcome:
    seen, notes, problems = film.counts, [], []
    if said := _people(film):
        notes.append(said)
    if not film.scene.seen_empty:
        notes.append(
            "the scene was never seen empty: somebody who stands still throughout is taken for a part of it; look at "
            "the film, or give --background"
        )
    if film.hidden:
        notes.append(
            f"{film.hidden} frames show a part of somebody whose height cannot be told: taken out, not painted"
        )
    if not len(film.scene.times):
        notes.append(f"the video has no clock: written at {film.rate:g} frames a second")
    if height % 2 or width % 2:
        notes.append("an odd size is written in 4:4:4, which not every browser plays")
    if seen.torn > _TORN * seen.people:
        notes.append(
            f"clothes like the ground tear the silhouettes of {round(100 * seen.torn / seen.people)} % of the frames "
            "with a person: bodies may be small or short of a limb; look at the film, or give --background"
        )
    if seen.brief:
        notes.append(
            f"{seen.brief} patches beside somebody, gone within {LEAST} frames: taken out, not painted"
        )
    if seen.elsewhere:
        times, first = film.scene.times, seen.first_elsewhere
        at = float(times[first]) if len(times) else first / film.rate
        problems.append(
            f"{seen.elsewhere} frames (from {at:.1f} s on) show another picture than "
            "the scene (a cut, another light, somebody at the lens): who is seen there may be taken out and not "
            "painted; cut the film there"
        )
    if seen.crowded:
        problems.append(
            f"{MOST} people or more in {seen.crowded} frames: the {MOST} largest are painted, the others taken out"
        )
    if seen.together > max(3, _TOGETHER * seen.people):
        problems.append(
            f"people hide each other in {seen.together} frames: taken out there, and drawn anew after it as others"
        )
    return Outcome(output, seen.frames, seen.people, film.rate, tuple(notes), tuple(problems))


def _named(film: Film) -> list[dict[str, Any]]:
    """Everybody in the film: a name, from when to when (seconds), and in how many frames."""
    times = film.scene.times if len(film.scene.times) else np.arange(film.counts.frames) / film.rate
    return [
        {
            "name": f"p{one.person + 1}", "from": round(float(times[one.first]), 3),
            "to": round(float(times[one.last]), 3), "frames": one.frames,
        }
        for one in film.people
    ]  # fmt: skip


def _people(film: Film) -> str:
    """Who is who, where there are several."""
    named = _named(film)
    if len(named) < 2:
        return ""
    shown = [f"{one['name']} {one['from']:.1f} to {one['to']:.1f} s" for one in named[:6]]
    more = f"; {len(named) - 6} more in the note" if len(named) > 6 else ""
    people = len({one.person for one in film.people})
    return f"{people} people, each with a body of their own: {'; '.join(shown)}{more}"


def _note(video: Path, outcome: Outcome, film: Film, mark: str) -> dict[str, Any]:
    return {
        "made_by": f"gaitbench {__version__} anonymize",
        "video": video.name,
        "mark": mark,
        "anonymizer": {"name": film.anonymizer.name, "settings": asdict(film.anonymizer.settings)},
        "colorizer": {"name": film.colorizer.name, "settings": asdict(film.colorizer.settings)},
        "frames": outcome.frames,
        "frames_with_a_person": outcome.people,
        "frames_taken_out": film.hidden,
        "frames_with_torn_silhouettes": film.counts.torn,
        "frames_with_several_people": film.counts.several,
        "frames_in_which_people_hide_each_other": film.counts.together,
        "patches_taken_for_nobody": film.counts.brief,
        "frames_with_more_people_than_are_followed": film.counts.crowded,
        "frames_of_another_scene": film.counts.elsewhere,
        "rate": round(outcome.rate, 4),
        "people": _named(film),
        "notes": list(outcome.notes),
        "problems": list(outcome.problems),
    }

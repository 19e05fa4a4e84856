"""OpenGait's tree: walkers come back bit for bit, real names fit, and no pickle does anything."""

import json
import os
import pickle

import numpy as np
import pytest

from gaitbench.datasets.containers import array_pickle
from gaitbench.datasets.exporting.export import export_walkers
from gaitbench.datasets.opening import open_data
from gaitbench.datasets.prepare import prepare
from gaitbench.datasets.sequence import SequenceKey
from gaitbench.datasets.sources.opengait import OpenGait
from gaitbench.datasets.walkers import Walkers
from gaitbench.errors import DataError


def read_array_pickle(path):
    return array_pickle.read_array_pickle(path.read_bytes(), str(path))


def person(frames=12, shape=(64, 64)):
    """A walking shape with a grey rim, as cubic interpolation leaves it."""
    out = np.zeros((frames, *shape), np.uint8)
    middle = shape[1] // 2
    out[:, 2:62, middle - 8 : middle + 8] = 255
    out[:, 2:62, middle + 8] = 100
    for t in range(frames):
        out[t, 40:60, middle + 8 + t % 4] = 255
    return out


def write(root, *parts, array=None, name=None, protocol=4):
    folder = root.joinpath(*parts)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / (name or f"{parts[-1]}.pkl")
    path.write_bytes(pickle.dumps(person() if array is None else array, protocol=protocol))
    return path


def test_walkers_come_back_bit_for_bit(tmp_path):
    walkers = Walkers(seed=3, subjects=3, length=14)
    export_walkers(
        walkers, tmp_path, ["001", "002"], [36, 90], ["nm-01", "bg-01"], layout="opengait", frames=10
    )
    data = open_data(tmp_path)
    assert (data.name, data.rendered, len(data.keys())) == ("walkers", True, 8)
    for key in sorted(data.places):
        want, got = prepare(walkers.load(key, frames=10), rgb=False), prepare(data.load(key, frames=10))
        assert np.array_equal(got.silhouettes, want.silhouettes)
        assert got.frame_numbers.tolist() == want.frame_numbers.tolist()
        assert got.key == key and got.rgb is None
    again = export_walkers(
        walkers, tmp_path, ["001", "002"], [36, 90], ["nm-01", "bg-01"], layout="opengait", frames=10
    )
    assert (again.written, again.present) == (0, 8)


def test_names_of_many_sets_fit(tmp_path):
    for parts in (
        ("001", "nm-01", "090"), ("00001", "00", "000"), ("0000", "00-nm", "000"), ("000", "U0_D0_BG", "1_1"),
        ("0001", "camid9_videoid2", "seq0"), ("0000", "01-cl-nt", "315-far"),
    ):  # fmt: skip
        write(tmp_path, *parts)
    keys = OpenGait(tmp_path).keys()
    assert [str(k) for k in keys] == [
        "000-U0_D0_BG-1_1", "0000-cl-nt-01-315%2Dfar", "0000-nm-00-000", "00001-00-000",
        "0001-camid9_videoid2-seq0", "001-nm-01-090",
    ]  # fmt: skip
    assert [k.degrees for k in keys] == [None, None, 0, 0, None, 90]
    for key in keys:
        assert prepare(OpenGait(tmp_path).load(key)).silhouettes.shape == (12, 64, 44)


def test_the_guess_is_said_and_casia_b_is_not_taken(tmp_path, caplog):
    write(tmp_path, "001", "nm-01", "090")
    assert open_data(tmp_path).name == "opengait"
    assert "is read as opengait (guessed" in caplog.text
    assert not OpenGait.fits(tmp_path / "001")


@pytest.mark.parametrize("protocol", range(6))
@pytest.mark.parametrize("dtype", [np.uint8, np.bool_, np.float32, np.float64, ">u2", np.int64])
def test_every_protocol_and_type_is_read(tmp_path, protocol, dtype):
    array = (person() > 128).astype(dtype) * np.dtype(dtype).type(1)
    got = read_array_pickle(write(tmp_path, "a", array=array, protocol=protocol))
    assert got.dtype == array.dtype and np.array_equal(got, array)


def test_fortran_order_slices_and_lists_are_read(tmp_path):
    base = np.random.default_rng(0).integers(0, 255, (6, 8, 10)).astype(np.uint8)
    for i, array in enumerate((np.asfortranarray(base), base[::2, :, 1:7], list(base), tuple(base))):
        for protocol in (2, 4, 5):
            got = read_array_pickle(write(tmp_path, f"{i}{protocol}", array=array, protocol=protocol))
            assert np.array_equal(got, np.asarray(array))


class Evil:
    def __reduce__(self):
        return os.system, ("touch EVIL",)


class Plain:
    pass


@pytest.mark.parametrize("protocol", range(6))
@pytest.mark.parametrize(
    ("thing", "why"),
    [
        (Evil(), "system"),
        ([person(1)[0], Evil()], "system"),
        (Plain(), "Plain|copy_reg"),
        (np.array([Evil(), None], dtype=object), "objects|system"),
        (np.array([[1, "a"], [None, {}]], dtype=object), "objects|DICT"),
        (np.array([(1, 2.0)], dtype=[("a", "i4"), ("b", "f8")]), "records|type"),
        (np.array(["a"]), "type 'U1'"),
        ({"a": 1}, "DICT"),
        ("text", "no array"),
        ([], "other things"),
        ([1, 2], "other things"),
        (eval, "eval"),
        (np.load, "load"),
        ([np.zeros((2, 2)), np.zeros((3, 3))], "several shapes"),
    ],
)
def test_whatever_else_a_pickle_holds_is_refused_by_name(tmp_path, monkeypatch, protocol, thing, why):
    monkeypatch.chdir(tmp_path)
    path = write(tmp_path, "a", array=thing, protocol=protocol)
    with pytest.raises(DataError, match=why) as error:
        read_array_pickle(path)
    assert str(path) in str(error.value) and "\n" not in str(error.value)
    assert not (tmp_path / "EVIL").exists()


def bomb_of_shape(raw=b"abc", shape=(10**6, 10**6)):
    """A state whose shape asks for a terabyte."""
    small = pickle.dumps(np.zeros(3, np.uint8), protocol=2)
    assert b"K\x03\x85" in small
    long = pickle.dumps(shape, protocol=2)[2:-1]
    return small.replace(b"K\x03\x85", long, 1)


@pytest.mark.parametrize(
    "content",
    [
        bomb_of_shape(),
        b"\x80\x05\x96" + (2**40).to_bytes(8, "little") + b".",  # a bytearray of a terabyte
        b"\x80\x04\x8e" + (2**62).to_bytes(8, "little") + b".",
        b"\x80\x02K\x01r\xff\xff\xff\xff.",  # a memo of four thousand million places
        b"\x80\x02]" + b"q\x00h\x00h\x00\x86" * 60 + b".",  # twofold sixty times
        b"(" * 400_000 + b".",
        b"\x80\x02cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nJ\xff\xff\xff\x7f\x85C\x01b\x87R.",
        b"I" + b"9" * 100_000 + b"\n.",
        b"", b".", b"\x80\x04", b"garbage", b"\x80\x04K\x01",
        b"0.", b"R.", b"b.", b"\x85.", b"t.", b"e.", b"h\x00.", b"\x93.",
        pickle.dumps(person())[:-20],
        pickle.dumps(person()) + b"cos\nsystem\n(S'touch EVIL'\ntR.",
        b"cos\nsystem\n(S'touch EVIL'\ntR.",
        b"(S'touch EVIL'\nios\nsystem\n.",
        b"\x80\x02\x82\x01.",  # an extension's code
        b"Pid\n.", b"K\x01Q.",  # persistent ids
    ],
    ids=range(28),
)  # fmt: skip
def test_bombs_and_damage_end_in_one_line_at_once(tmp_path, monkeypatch, content):
    import resource
    import time

    monkeypatch.chdir(tmp_path)
    path = tmp_path / "a.pkl"
    path.write_bytes(content)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.perf_counter()
    with pytest.raises(DataError, match=r"a\.pkl") as error:
        read_array_pickle(path)
    assert "\n" not in str(error.value)
    assert time.perf_counter() - started < 3
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200_000
    assert not (tmp_path / "EVIL").exists()


def test_one_array_named_a_thousand_times_is_no_terabyte(tmp_path, monkeypatch):
    monkeypatch.setattr(array_pickle, "MOST_BYTES", 10_000_000)
    big = np.zeros((1000, 1000), np.uint8)
    path = write(tmp_path, "a", array=[big] * 1000)
    assert path.stat().st_size < 2_000_000
    with pytest.raises(DataError, match="unfolds to more"):
        read_array_pickle(path)


def test_a_pipe_is_not_opened(tmp_path):
    (tmp_path / "001" / "nm-01" / "090").mkdir(parents=True)
    os.mkfifo(tmp_path / "001" / "nm-01" / "090" / "090.pkl")
    with pytest.raises(DataError, match="no regular file"):
        OpenGait(tmp_path).load(SequenceKey("001", "nm-01", 90))


def test_one_hostile_file_is_a_failure_of_its_sequence_alone(tmp_path):
    write(tmp_path, "001", "nm-01", "090", array=Evil())
    write(tmp_path, "002", "nm-01", "090")
    data = OpenGait(tmp_path)
    with pytest.raises(DataError, match=r"001/nm-01/090/090\.pkl is refused"):
        data.load(SequenceKey("001", "nm-01", 90))
    assert len(data.load(SequenceKey("002", "nm-01", 90)).silhouettes) == 12


def test_several_pickles_of_a_view(tmp_path, caplog):
    for name in ("00_0-aligned-rgbs.pkl", "00_0-aligned-sils.pkl", "00_0-sils.pkl"):
        write(tmp_path, "001", "nm-01", "090", name=name)
    for name in ("a.pkl", "b.pkl"):
        write(tmp_path, "001", "nm-01", "036", name=name)
    data = OpenGait(tmp_path)
    assert list(map(str, data.keys())) == ["001-nm-01-090"]
    assert data.places[data.keys()[0]][0].endswith("/00_0-aligned-sils.pkl")
    assert "not read: 1" in caplog.text and "2 pickles" in caplog.text


def test_other_sizes_are_fitted_and_said_or_refused(tmp_path):
    write(tmp_path, "001", "nm-01", "090", array=np.kron(person(), np.ones((1, 2, 2), np.uint8)))
    write(tmp_path, "001", "nm-02", "090", array=person()[:, :, 12:52])
    data = OpenGait(tmp_path)
    read = data.load(SequenceKey("001", "nm-01", 90))
    assert any("aligned by others to 128 x 128" in note for note in read.notes)
    assert any("cut at one half" in note for note in read.notes)
    small, large = prepare(read), prepare(read, size=(128, 88))
    assert small.silhouettes.shape == (12, 64, 44) and large.silhouettes.shape == (12, 128, 88)
    assert np.array_equal(small.silhouettes, person()[:, :, 10:54] >= 128)
    with pytest.raises(DataError, match="too narrow"):
        prepare(data.load(SequenceKey("001", "nm-02", 90)))


def test_what_is_no_silhouette_is_refused(tmp_path):
    for i, array in enumerate(
        (np.zeros((5, 64, 64), np.uint8), np.full((5, 64, 64), 255, np.uint8), 255 - person(), np.zeros((5, 64)),
         np.full((5, 64, 64), np.nan), -person().astype(np.int16))
    ):  # fmt: skip
        write(tmp_path, f"{i:03d}", "nm-01", "090", array=array)
    data = OpenGait(tmp_path)
    for key in sorted(data.places):
        with pytest.raises(DataError) as error:
            data.load(key)
        assert "\n" not in str(error.value)


def test_the_fingerprint_knows_content_numbers_and_rate(tmp_path):
    path = write(tmp_path, "001", "nm-01", "090")
    marks = {OpenGait(tmp_path).fingerprint(), OpenGait(tmp_path, rate=30).fingerprint()}
    (tmp_path / "frame_numbers").mkdir()
    (tmp_path / "frame_numbers" / "001-nm-01-090.json").write_text(json.dumps(list(range(3, 15))))
    assert OpenGait(tmp_path).load(SequenceKey("001", "nm-01", 90)).frame_numbers[0] == 3
    marks.add(OpenGait(tmp_path).fingerprint())
    path.write_bytes(pickle.dumps(person(13)))
    with pytest.raises(DataError, match="not 13 ascending"):
        OpenGait(tmp_path).load(SequenceKey("001", "nm-01", 90))
    marks.add(OpenGait(tmp_path).fingerprint())
    assert len(marks) == 4

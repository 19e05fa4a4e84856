"""Progress over a plan: what is done is seen in the store, the time left goes by records and then by what was taken."""

from types import SimpleNamespace

from gaitbench.cli.following import Following, said_of
from gaitbench.cli.progress import RichProgress
from gaitbench.evaluation.planning.task import Plan, Task


class Store:
    def __init__(self):
        self.there, self.asked = set(), 0

    def has(self, stage, key):
        self.asked += 1
        return (stage, key) in self.there


def task(kind, label, what, *keys, **more):
    return Task(kind, label, what, tuple(("s", key) for key in keys), missing=len(keys), **more)


TASKS = (
    task("prepare", "", "001", "a", "b"),
    task("anonymize", "model-2", "probe", "c"),
    task("anonymize", "blur", "probe", "d"),
    task("attack", "gei-nn", "joint on model-2", "guess", known=False),
    Task("rest", "statistics", "", (), known=False),
)
SECONDS = {"prepare 001": 20.0, "anonymize model-2 probe": 30.0, "anonymize blur probe": 10.0,
           "attack gei-nn joint on model-2": 30.0, "rest statistics": 10.0}  # fmt: skip


def following(**more):
    now = [0.0]
    ahead = SimpleNamespace(
        each={name: SimpleNamespace(seconds=s) for name, s in SECONDS.items()}, seconds=50.0
    )
    store = Store()
    return Following(Plan("s", "d", TASKS), ahead, store, clock=lambda: now[0], **more), store, now


def test_time_left_is_that_of_records_first_and_then_that_of_this_run():
    one, store, now = following()
    assert one.share == 0.0 and one.left == 50.0  # two processes: half of the 100 s
    store.there |= {("s", "a")}
    now[0] = 10.0
    assert one.look("prepare") == [] and one.share == 0.0  # half a task is none
    store.there |= {("s", "b"), ("s", "c")}
    now[0] = 40.0
    assert [t.name for t in one.look("prepare")] == ["prepare 001"] and abs(one.share - 0.2) < 1e-9
    # 40 s for a fifth of it: 200 s in all, of which four fifths count, beside 50 s by the records
    assert abs(one.left - 0.8 * (0.2 * 50 + 0.8 * 200)) < 1e-6
    assert [t.label for t in one.end("anonymize")] == ["model-2"] and abs(one.left - 40.0) < 1e-6
    assert [t.name for t in one.end("statistics")] == ["rest statistics"]


def test_looking_costs_little_and_asks_for_the_kinds_of_the_stage_alone():
    one, store, now = following()
    one.look("known noise")
    assert store.asked == 0
    now[0] = 1.0
    one.look("prepare")
    asked = store.asked
    assert asked == 1  # the last artifact of the task is not there
    now[0] = 1.1
    one.look("prepare")
    assert store.asked == asked  # too soon
    one.end("prepare")
    assert store.asked > asked


def test_keys_that_show_themselves_later_are_planned_again_once():
    later = task("attack", "gei-nn", "joint on model-2", "sure")
    plans = []
    one, store, _ = following(again=lambda: plans.append(1) or Plan("s", "d", (later, TASKS[-1])))
    store.there |= {("s", key) for key in ("a", "b", "c", "sure")}
    one.end("attack")
    assert not plans  # blur is not anonymized yet
    store.there.add(("s", "d"))
    one.end("prepare"), one.end("anonymize")
    assert [t.name for t in one.end("identify")] == [later.name] and one.end("identify") == []
    assert plans == [1] and abs(one.share - 0.9) < 1e-9


def test_a_line_says_what_a_stage_was_for():
    assert said_of(TASKS[1:2]) == "model-2: probe" and said_of(TASKS[-1:]) == said_of([]) == ""
    assert said_of(TASKS[1:3]) == "2 tasks: model-2, blur"
    many = [task("observe", name, "x", name) for name in "abcde"]
    assert said_of(many) == "5 tasks: a, b, c and 2 more"


def test_the_log_of_a_planned_run_has_one_line_a_stage_by_its_tasks(capsys):
    one, store, _ = following()
    made = []
    with RichProgress() as progress:
        progress.follow(lambda: made.append(1) or one, now=False)
        progress.start("prepare")
        progress.finish("prepare", 0.1, cached=True)
        progress.start("gei")
        assert not made  # nothing was to be done yet: no plan is made for it
        progress.update(1.0, "silhouette: subject 001")
        progress.finish("gei", 2.0, cached=False)
        progress.start("anonymize")
        assert made == [1]
        store.there |= {("s", "d"), ("s", "c")}
        progress.update(1.0, "blur: subject 001")
        progress.finish("anonymize", 3.0, cached=False)
    lines = [line.strip() for line in capsys.readouterr().err.splitlines() if " s" in line]
    assert [" ".join(line.split()) for line in lines] == [
        "gei 2.0 s silhouette", "anonymize 3.0 s 2 tasks: model-2, blur",
    ]  # fmt: skip

"""A small results database for the tests of the report: quick to make, and with names that a page must
not take for markup."""

from integration.program import call
from integration.small_data import SLEEP, write_data

MARKUP = "<img src=x onerror=hurt()>"
VARIANT = "</script><script>hurt()</script> & \\\"more\\\""

PLAN = f"""
answers = "What <b>sleep</b> does"
data = "{MARKUP}"
per_class = [20, 40]
hidden = [32, 32]
epochs = 20
protocol = "modern"
sleep = "sleep.toml"
finetune_epochs = 10
seeds = 2
"""

ALTERNATIVES = """
[[variant]]
name = "%s"
[[variant]]
name = "thinned out"
distort = "gaussian-noise=0.3,blur=1"
keep = { 3 = 0.5, 4 = 0.5 }
[[variant]]
name = "of 30"
per_class = 30
distort = "clean,blur=1"
[[variant]]
name = "neighbors"
method = "nearest-neighbor"
""" % VARIANT

TASKS = f"""
answers = "What <b>sleep</b> brings back"
data = "{MARKUP}"
hidden = [32, 32]
epochs = 20
sleep = "sleep.toml"
seeds = 3
[[variant]]
tasks = [[0, 1], [2, 3], [4]]
memory = [0, 40]
calibration = ["running", "all"]
against = ["sequential", "joint", "nearest-class-mean", "lda", "icarl"]
"""

# A study in which not all are sequences.
MIXED = TASKS.replace("memory = [0, 40]", "memory = 40") + """
[[variant]]
finetune_epochs = 10
[[variant]]
name = "iCaRL"
tasks = [[0, 1], [2, 3], [4]]
memory = 20
exemplars = ["herding", "random"]
against = ["icarl"]
"""


def make_database(folder):
    """Its path; in it are the studies "along", over the size of the data, and the one called MARKUP, of
    alternatives."""
    write_data(folder / MARKUP)
    (folder / "sleep.toml").write_text(SLEEP)
    (folder / "along.toml").write_text(PLAN)
    (folder / f"{MARKUP}.toml").write_text(PLAN.replace("[20, 40]", "40") + ALTERNATIVES)
    return run_plans(folder, "along", MARKUP)


def make_task_database(folder, plan=TASKS):
    """The same of tasks in sequence: the study "tasks"."""
    write_data(folder / MARKUP)
    (folder / "sleep.toml").write_text(SLEEP)
    (folder / "tasks.toml").write_text(plan)
    return run_plans(folder, "tasks")


def run_plans(folder, *plans):
    database = folder / "results.sqlite"
    for plan in plans:
        done = call("run", folder / f"{plan}.toml", "--db", database)
        assert done.returncode == 0, done.stderr
    return database

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
keep = { 3 = 0.5, 4 = 0.5 }
[[variant]]
name = "neighbors"
method = "nearest-neighbor"
""" % VARIANT


def make_database(folder):
    """Its path; in it are the studies "along", over the size of the data, and the one called MARKUP, of
    alternatives."""
    write_data(folder / MARKUP)
    (folder / "sleep.toml").write_text(SLEEP)
    (folder / "along.toml").write_text(PLAN)
    (folder / f"{MARKUP}.toml").write_text(PLAN.replace("[20, 40]", "40") + ALTERNATIVES)
    database = folder / "results.sqlite"
    for plan in ("along", MARKUP):
        done = call("run", folder / f"{plan}.toml", "--db", database)
        assert done.returncode == 0, done.stderr
    return database

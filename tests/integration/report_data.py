"""A small results database for the tests of the report: quick to make, and with names that a page must
not take for markup."""

import numpy

from integration.program import call

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

SLEEP = """
steps = 600
max_rate = 250
patch = 3
increment = 0.00024
decrement = 0.0001
threshold = [3.6, 2.1, 81.0]
alpha_scale = 1.6
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


def write_data(folder):
    """Two halves of 400 images of 8 x 8 pixels in five classes."""
    folder.mkdir()
    noise = numpy.random.default_rng(1)
    patterns = noise.random((5, 8, 8)) > 0.7
    for half in ("train", "test"):
        labels = numpy.arange(400) % 5
        images = 0.6 * patterns[labels] + 0.4 * noise.random((400, 8, 8))
        numpy.save(folder / f"{half}-images.npy", images.astype("f4"))
        numpy.save(folder / f"{half}-labels.npy", labels.astype("u1"))


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

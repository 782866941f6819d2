"""Data on which networks are trained, and sleep changes them, in no time."""

import numpy

# Not a preset: those change as better ones are found.
SLEEP = """
steps = 600
max_rate = 250
patch = 3
increment = 0.00024
decrement = 0.0001
threshold = [3.6, 2.1, 81.0]
alpha_scale = 1.6
"""


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

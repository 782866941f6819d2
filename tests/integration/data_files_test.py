"""Data from folders: IDX and .npy, through the program."""

import gzip

import numpy

from integration.program import PARAMETERS, ProgramTest


def write_idx(path, array):
    header = bytes([0, 0, 8, array.ndim]) + b"".join(n.to_bytes(4, "big") for n in array.shape)
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "wb") as file:
        file.write(header + array.tobytes())


class DataFilesTest(ProgramTest):
    def setUp(self):
        super().setUp()
        random = numpy.random.default_rng(1)
        self.images = random.integers(0, 256, (60, 5, 4), dtype=numpy.uint8)
        self.labels = (numpy.arange(60) % 3).astype(numpy.uint8)

    def trained_on(self, folder):
        model = self.folder / "model"
        self.run_well("train", "--data", folder, "--hidden", "8", "--epochs", 3, "-o", model)
        return self.run_json("inspect", model)["tensors"], self.run_json("eval", model)["confusion"]

    def test_idx_and_npy_are_the_same_data(self):
        idx, npy = self.folder / "data", self.folder / "npy"
        idx.mkdir()
        for split, prefix in (("train", "train"), ("t10k", "test")):
            write_idx(idx / f"{split}-images-idx3-ubyte.gz", self.images)
            write_idx(idx / f"{split}-labels-idx1-ubyte", self.labels)
        from_idx = self.trained_on(idx)
        for file in idx.iterdir():
            file.unlink()
        for prefix in ("train", "test"):
            numpy.save(idx / f"{prefix}-images.npy", self.images)
            numpy.save(idx / f"{prefix}-labels.npy", self.labels.astype(numpy.int64))
        self.assertEqual(from_idx, self.trained_on(idx))
        info = self.run_json("data", "info", idx)
        self.assertEqual(info["shape"], [5, 4, 1])

    def test_features_that_are_no_images(self):
        folder = self.folder / "features"
        folder.mkdir()
        for prefix in ("train", "test"):
            numpy.save(folder / f"{prefix}-images.npy", self.images.reshape(60, 20) / 255.0)
            numpy.save(folder / f"{prefix}-labels.npy", self.labels)
        self.trained_on(folder)
        arguments = ("sleep", self.folder / "model", "--params", PARAMETERS,
                     "--set", "threshold=[1, 1]", "-o", self.folder / "slept")
        self.assert_refused("patch: a square of 11 x 11 does not fit into an input of 1 x 20", *arguments)
        self.run_well(*arguments, "--set", "patch=0")

"""Bad input: each with its one-line error and exit status 2, and nothing written."""

import json
import os
import struct

import numpy

from integration import safetensors_files
from integration.program import ProgramTest, call


class BadInputTest(ProgramTest):
    def setUp(self):
        super().setUp()
        self.output = self.folder / "output"
        self.data = self.folder / "data"
        self.data.mkdir()
        self.write_data(numpy.zeros((4, 3, 3), numpy.uint8), numpy.array([0, 1, 0, 1], numpy.uint8))
        self.arrays = {"0.weight": numpy.ones((5, 9), "f4"), "2.weight": numpy.ones((2, 5), "f4")}

    def tearDown(self):
        self.assertFalse(self.output.exists(), "a refused call must write nothing")

    def write_data(self, images, labels):
        for name, array in (("train-images-idx3", images), ("train-labels-idx1", labels)):
            header = bytes([0, 0, 8, array.ndim]) + b"".join(n.to_bytes(4, "big") for n in array.shape)
            (self.data / f"{name}-ubyte").write_bytes(header + array.tobytes())

    def refuse_training(self, message, *options):
        output = () if "-o" in options else ("-o", self.output)
        self.assert_refused(message, "train", "--data", self.data, *output, *options)

    def refuse_model(self, message, content):
        model = self.folder / "model"
        model.write_bytes(content)
        self.assert_refused(message, "inspect", model)

    def refuse_sleep(self, message, toml, *options):
        (self.folder / "p.toml").write_text(toml)
        safetensors_files.write(self.folder / "model", self.arrays)
        self.assert_refused(message, "sleep", self.folder / "model", "--data", self.data,
                            "--params", self.folder / "p.toml", "-o", self.output, *options)

    def test_idx_truncated(self):
        images = self.data / "train-images-idx3-ubyte"
        images.write_bytes(images.read_bytes()[:-1])
        self.refuse_training("train-images-idx3-ubyte: is truncated: its header promises 36 bytes")

    def test_idx_wrong_magic(self):
        images = self.data / "train-images-idx3-ubyte"
        images.write_bytes(b"GIF89a" + images.read_bytes())
        self.refuse_training("is not an IDX file (wrong magic number)")

    def test_images_and_labels_of_different_counts(self):
        self.write_data(numpy.zeros((4, 3, 3), numpy.uint8), numpy.zeros(3, numpy.uint8))
        self.refuse_training("has 3 labels for the 4 images of")

    def test_unknown_class_in_keep(self):
        self.refuse_training("keep: there is no class 7; classes are 0 to 1", "--keep", "7=0.5")
        self.refuse_training("keep: \"7\" is not of the form CLASS=FRACTION", "--keep", "7")

    def test_empty_subset(self):
        self.refuse_training("subset: nothing is left of the 4 samples", "--fraction", "0.01")
        self.refuse_training("fraction: 2 is not in (0, 1]", "--fraction", "2")

    def test_unknown_data(self):
        self.assert_refused("there is no data set, folder or file \"minst\"; named sets: fashion-mnist, mnist",
                            "train", "--data", "minst", "-o", self.output)

    def test_data_that_are_not_here(self):
        done = call("train", "--data", "mnist", "-o", self.output,
                    env={**os.environ, "HYPNOS_DATA": str(self.folder)})
        self.assertEqual(done.returncode, 2)
        self.assertEqual(done.stderr, "hypnos: mnist is not on this machine; get it with: "
                                      "hypnos data fetch mnist\n")

    def test_safetensors_lying_header_length(self):
        self.refuse_model("says that its header has 99 bytes", struct.pack("<Q", 99) + b"{}")

    def header(self, header, data=b""):
        text = header if isinstance(header, bytes) else json.dumps(header).encode()
        return struct.pack("<Q", len(text)) + text + data

    def test_safetensors_overlapping_offsets(self):
        entry = {"dtype": "F32", "shape": [1, 2]}
        self.refuse_model("tensor b: overlaps another at byte 4", self.header({
            "a": {**entry, "data_offsets": [0, 8]}, "b": {**entry, "data_offsets": [4, 12]},
        }, bytes(12)))

    def test_safetensors_duplicate_keys(self):
        entry = b'"a":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}'
        self.refuse_model("the header has the key \"a\" twice",
                          self.header(b"{" + entry + b"," + entry + b"}", bytes(8)))

    def test_nan_weights(self):
        self.arrays["2.weight"][0, 0] = numpy.nan
        self.refuse_sleep("layer 2 has weights that are NaN or infinite", "")

    def test_chain_of_shapes(self):
        self.arrays["2.weight"] = numpy.ones((2, 6), "f4")
        self.refuse_sleep("do not form a chain: 0.weight [5 x 9], 2.weight [2 x 6]", "")

    def test_wrong_number_of_thresholds(self):
        self.refuse_sleep("threshold: has 3 values for a network of 2 layers",
                          "steps = 5\nthreshold = [1, 2, 3]\nalpha_scale = 1")

    def test_unknown_keys(self):
        self.refuse_sleep("tresholds: is not a sleep parameter; did you mean threshold?",
                          "tresholds = [1, 2]")
        self.refuse_sleep("stepps: is not a sleep parameter; did you mean steps?",
                          "steps = 5\nthreshold = [1, 2]\nalpha_scale = 1", "--set", "stepps=3")

    def test_missing_parameters(self):
        safetensors_files.write(self.folder / "model", self.arrays)
        self.assert_refused("there is no parameter file or preset \"none\"; presets: authors-",
                            "sleep", self.folder / "model", "--params", "none", "-o", self.output)

    def test_spikes_that_do_not_fit(self):
        toml = "steps = 5\nthreshold = [1, 2]\nalpha = [1, 1]"
        spikes = self.folder / "spikes.npy"
        numpy.save(spikes, numpy.zeros((5, 8), bool))
        self.refuse_sleep("spikes need the shape [steps x 9], not [5 x 8]", toml, "--input-spikes", spikes)
        numpy.save(spikes, numpy.zeros((4, 9), bool))
        self.refuse_sleep("has 4 steps, but the sleep takes 5", toml, "--input-spikes", spikes)

    def test_model_that_does_not_fit_the_data(self):
        self.arrays["0.weight"] = numpy.ones((5, 8), "f4")
        self.refuse_sleep("images of 9 pixels for a network of 8 inputs",
                          "steps = 5\npatch = 0\nthreshold = [1, 2]\nalpha_scale = 1")

    def test_unwritable_output(self):
        for verb in (["train", "--data", self.data], ["wake", "x"], ["finetune", "x"],
                     ["sleep", "x", "--params", "y"]):
            with self.subTest(verb[0]):
                self.assert_refused("cannot be written: there is no folder", *verb,
                                    "-o", self.folder / "none" / "model")

    def test_full_disk(self):
        done = call("train", "--data", self.data, "--hidden", "4", "--epochs", "1", "-o", "/dev/full")
        self.assertEqual(done.returncode, 1)
        self.assertEqual(done.stderr, "hypnos: /dev/full: cannot be written: No space left on device\n")

    def test_unreachable_standard_streams(self):
        safetensors_files.write(self.folder / "model", self.arrays)
        done = call("inspect", self.folder / "model", "--json", stdout_to="/dev/full")
        self.assertEqual(done.returncode, 1)
        self.assertEqual(call("inspect", "none", stderr_to="/dev/full").returncode, 2)

    def test_output_names_that_cannot_be(self):
        self.refuse_training("the name of the file to write is empty", "-o", "")
        self.refuse_training("File name too long", "-o", self.folder / ("x" * 255))

    def test_numbers_that_cannot_be(self):
        for option in (["--batch-size", "-1"], ["--seed", "-1"], ["--epochs", "-1"],
                       ["--per-class", "0"], ["--threads", "100000"], ["--hidden", "0"],
                       ["--hidden", "4611686018427387904"], ["--learning-rate", "1e300"]):
            with self.subTest(option):
                self.refuse_training("", *option)

    def test_names_with_line_breaks_stay_one_line(self):
        self.assert_refused("no\\such", "eval", self.folder / "no\\such", "--data", self.data)
        self.assert_refused("no\\nsuch", "eval", self.folder / "no\nsuch", "--data", self.data)

    def test_damaged_recipe(self):
        for recipe in ("[]", "{", '{"data": "x", "subset": {"seed": 1}, "seed": -1, "history": []}',
                       '{"data": "x", "subset": {"seed": 1}, "seed": 1, "history": {}}'):
            safetensors_files.write(self.folder / "model", self.arrays, {"hypnos.recipe": recipe})
            self.assert_refused("model: metadata hypnos.recipe is damaged", "eval", self.folder / "model")

    def test_second_vector_of_a_layer(self):
        self.arrays["0.scale"] = numpy.ones(5, "f4")
        self.refuse_sleep("tensor 0.scale [5]: it is not known what it does", "")

    def test_parameters_beyond_single_precision(self):
        self.refuse_sleep("alpha_scale: 1e+60 is too large; 3.403e+38 is the largest",
                          "steps = 5\npatch = 0\nthreshold = [1, 2]\nalpha_scale = 1e60")
        self.refuse_sleep("threshold: 1e-50 is too small; 1.401e-45 is the smallest",
                          "steps = 5\npatch = 0\nthreshold = [1, 1e-50]\nalpha_scale = 1")

    def test_numbers_too_large_for_their_type(self):
        arrays = {"0.weight": numpy.full((2, 9), 6e4, "f2")}
        safetensors_files.write(self.folder / "model", arrays)
        (self.folder / "p.toml").write_text(
            "steps = 50\npatch = 0\nmax_rate = 500\nrule = 'hebbian'\nthreshold = [1]\n"
            "alpha = [1]\nincrement = 1e4\n")
        spikes = self.folder / "spikes.npy"
        numpy.save(spikes, numpy.ones((50, 9), bool))
        self.assert_refused("tensor 0.weight: a value is too large for its number type F16", "sleep",
                            self.folder / "model", "--params", self.folder / "p.toml",
                            "--input-spikes", spikes, "-o", self.output)

    def test_missing_model(self):
        self.assert_refused("nothing.safetensors: there is no such file",
                            "eval", self.folder / "nothing.safetensors", "--data", self.data)

"""Kinds of data that people have, each with its right value: computed here in double precision."""

import json
import os
import resource
import shutil
import sqlite3
import unittest

import numpy

from integration import safetensors_files
from integration.program import PARAMETERS, ProgramTest, call

RANDOM = numpy.random.default_rng(4)
SLEEP = ("--params", PARAMETERS, "--set", "threshold=[1, 1]", "--set", "patch=0")


def network(inputs, classes):
    return {"0.weight": RANDOM.normal(size=(12, inputs)).astype("f4"), "0.bias": numpy.zeros(12, "f4"),
            "2.weight": RANDOM.normal(size=(classes, 12)).astype("f4"), "2.bias": numpy.zeros(classes, "f4")}


def accuracy(arrays, inputs, labels):
    """Of a network on inputs as they stand in memory, one row per sample."""
    x = numpy.asarray(inputs, "f8").reshape(len(inputs), -1)
    hidden = numpy.maximum(0, x @ arrays["0.weight"].T.astype("f8") + arrays["0.bias"])
    answers = (hidden @ arrays["2.weight"].T.astype("f8") + arrays["2.bias"]).argmax(1)
    return (answers == labels).mean()


class DataKindsTest(ProgramTest):
    def setUp(self):
        super().setUp()
        self.data = self.folder / "data"
        self.data.mkdir()
        self.labels = numpy.arange(200) % 4
        self.pixels = RANDOM.integers(0, 256, (200, 6, 5))
        self.pixels[0, 0, 0] = 255

    def save(self, images, labels=None, halves=("train", "test"), folder=None):
        for half in halves:
            numpy.save((folder or self.data) / f"{half}-images.npy", images)
            numpy.save((folder or self.data) / f"{half}-labels.npy",
                       self.labels if labels is None else labels)
        return folder or self.data

    def write_network(self, inputs, classes=4):
        arrays = network(inputs, classes)
        safetensors_files.write(self.folder / "net", arrays)
        return arrays

    def eval(self, *options, model="net", data=None):
        chosen = () if data is False else ("--data", data or self.data)
        return self.run_json("eval", self.folder / model, *chosen, *options)["accuracy"]

    def info(self, *options):
        return self.run_json("data", "info", self.data, *options)

    def train(self, *options, name="model"):
        self.run_well("train", "--data", self.data, "--hidden", "8", "--epochs", 2,
                      "--protocol", "modern", "-o", self.folder / name, *options)
        return self.folder / name

    def test_pixels_have_one_scale_whatever_their_type(self):
        right = accuracy(self.write_network(30), self.pixels / 255, self.labels)
        for number_type in ("u1", "i2", ">i4", "i8", "u8"):
            self.save(self.pixels.astype(number_type))
            self.assertAlmostEqual(self.eval(), right)
            info = self.info()
            self.assertEqual(info["range"], "pixels")
            self.assertEqual(info["train"]["range"], [self.pixels.min(), 255])

    def test_features_are_taken_as_they_are(self):
        features = RANDOM.integers(0, 2, (200, 40))
        arrays = self.write_network(40)
        for number_type in ("u1", "bool", "f8"):
            self.save(features.astype(number_type))
            self.assertAlmostEqual(self.eval(), accuracy(arrays, features, self.labels))

    def test_whole_numbers_that_may_be_pixels_need_a_word(self):
        flat = self.pixels.reshape(200, 30)
        arrays = self.write_network(30)
        for ambiguous in (flat.astype("u1"), flat.astype("f8"), self.pixels.astype("f4")):
            self.save(ambiguous)
            for call_ in (("eval", self.folder / "net", "--data", self.data), ("data", "info", self.data)):
                self.assert_refused("say which with --range pixels or --range as-is", *call_)
            self.assertAlmostEqual(self.eval("--range", "pixels"),
                                   accuracy(arrays, flat / 255, self.labels))
            self.assertAlmostEqual(self.eval("--range", "as-is"), accuracy(arrays, flat, self.labels))
        model = self.train("--range", "as-is", "--learning-rate", "1e-6")
        self.run_json("eval", model)  # remembers it

    def test_channels_first_stay_in_their_order(self):
        images = RANDOM.random((200, 3, 8, 8), "f4")
        self.save(images)
        right = accuracy(self.write_network(192), images, self.labels)
        self.assertAlmostEqual(self.eval(), right)
        info = self.info()
        self.assertEqual((info["shape"], info["layout"]), ([8, 8, 3], "first"))
        done = self.run_json("sleep", self.folder / "net", "--data", self.data, *SLEEP, "--set", "patch=3",
                             "--set", "steps=50", "--set", "max_rate=100000", "-o", self.folder / "slept")
        self.assertEqual(done["layers"][0]["spikes"], 50 * 27)  # of a patch all that can spike
        self.save(RANDOM.random((200, 3, 8, 3), "f4"))
        self.assert_refused("say which with --layout first or --layout last", "data", "info", self.data)
        self.assertEqual(self.info("--layout", "last")["shape"], [3, 8, 3])

    def test_npz_of_medmnist_and_keras(self):
        images, labels = self.pixels.astype("u1"), self.labels.reshape(-1, 1).astype("u1")
        right = accuracy(self.write_network(30), self.pixels / 255, self.labels)
        file = self.folder / "med.npz"
        names = ("train_images", "train_labels", "val_images", "val_labels", "test_images", "test_labels")
        for save in (numpy.savez, numpy.savez_compressed):
            save(file, **dict(zip(names, (images, labels) * 3)))
            self.assertAlmostEqual(self.eval(data=file), right)
            info = self.run_json("data", "info", file)
            self.assertEqual(info["ignored"], ["val_images.npy", "val_labels.npy"])
        numpy.savez(file, x_train=images, y_train=labels, x_test=images, y_test=labels)
        self.assertAlmostEqual(self.eval(data=file), right)
        self.run_well("train", "--data", file, "--hidden", "8", "--epochs", 1, "-o", self.folder / "model")
        self.run_json("eval", self.folder / "model")

    def test_halves_of_two_sizes_are_refused_by_every_verb(self):
        self.save(self.pixels.astype("u1"))
        model = self.train()
        self.save(self.pixels[:, :, :4].astype("u1"), halves=("test",))
        (self.folder / "plan.toml").write_text(
            f"answers = 'x'\ndata = '{self.data}'\nhidden = [8]\nstages = ['control']\n")
        output = ("-o", self.folder / "out")
        for verb in (("data", "info", self.data), ("train", "--data", self.data, *output),
                     ("eval", model), ("eval", model, "--split", "train"), ("wake", model, *output),
                     ("finetune", model, *output), ("sleep", model, *SLEEP, *output),
                     ("tune", model, *output),
                     ("run", self.folder / "plan.toml", "--db", self.folder / "r.sqlite")):
            with self.subTest(verb[0]):
                self.assert_refused("test-images.npy: has the shape [200 x 6 x 4]", *verb)

    def test_a_training_half_alone(self):
        self.save(self.pixels.astype("u1"), halves=("train",))
        numpy.save(self.data / "test-labels.npy", self.labels)
        info = self.info()
        self.assertEqual(info["train"]["per_class"], [50] * 4)
        self.assertNotIn("test", info)
        self.assertEqual(info["ignored"], ["test-labels.npy"])
        model = self.train()
        self.assert_refused("has no test half; eval --split train measures", "eval", model)
        self.run_json("eval", model, "--split", "train")

    def test_numbers_too_large_for_single_precision(self):
        images = RANDOM.random((200, 6, 5))
        images[7, 0, 0] = 1e39
        self.save(images)
        for verb in (("data", "info", self.data), ("train", "--data", self.data, "-o", self.folder / "out")):
            self.assert_refused("train-images.npy: sample 7: 1e+39 is too large for single precision", *verb)

    def test_arrays_in_any_order_and_labels_in_any_form(self):
        images = RANDOM.random((200, 6, 5))
        arrays = self.write_network(30)
        one_hot = numpy.eye(4)[self.labels]
        for stored, labels in ((numpy.asfortranarray(images), self.labels),
                               (images.astype(">f8"), self.labels.reshape(-1, 1)),
                               (numpy.asfortranarray(images.astype(">f4")), one_hot.astype("u1")),
                               (images.astype("f2"), self.labels.astype("f8")),
                               (images.astype(">f2"), numpy.asfortranarray(one_hot))):
            self.save(stored, labels)
            self.assertAlmostEqual(self.eval(), accuracy(arrays, stored.astype("f4"), self.labels))

    def test_idx_of_all_types(self):
        arrays = self.write_network(30)
        codes = {8: ">u1", 9: ">i1", 11: ">i2", 12: ">i4", 13: ">f4", 14: ">f8"}
        for code, number_type in codes.items():
            images = (RANDOM.random((200, 6, 5)) * 3 - 1).astype(number_type)
            if code == 8:
                images = self.pixels.astype("u1")
            for half in ("train", "t10k"):
                for kind, array in (("images-idx3", images), ("labels-idx1", self.labels.astype(">i4"))):
                    header = bytes([0, 0, code if kind[0] == "i" else 12, array.ndim])
                    sizes = b"".join(n.to_bytes(4, "big") for n in array.shape)
                    (self.data / f"{half}-{kind}-ubyte").write_bytes(header + sizes + array.tobytes())
            right = accuracy(arrays, images / 255 if code == 8 else images, self.labels)
            self.assertAlmostEqual(self.eval(), right)

    def test_tables(self):
        features = RANDOM.normal(2, 1, (200, 3)).round(3)
        arrays = self.write_network(3)
        for half in ("train", "test"):
            lines = ["a,class,b,c"] + [f"{a},{l},{b},{c}" for (a, b, c), l in zip(features, self.labels)]
            (self.data / f"{half}.csv").write_text("\n".join(lines) + "\n")
        self.assertAlmostEqual(self.eval(), accuracy(arrays, features, self.labels))

    def test_labels_from_one_on(self):
        self.save(self.pixels.astype("u1"), self.labels + 1)
        right = accuracy(self.write_network(30), self.pixels / 255, self.labels)
        self.assert_refused("train-labels.npy: its labels are 1 to 4: 4 classes counted from 1, or class 0 "
                            "has no samples; say which with --first-label 1 or --first-label 0",
                            "eval", self.folder / "net", "--data", self.data)
        self.assertAlmostEqual(self.eval("--first-label", 1), right)
        self.assert_refused("has the classes 0 to 4, but the network has 4 outputs",
                            "eval", self.folder / "net", "--data", self.data, "--first-label", 0)
        model = self.train("--first-label", 1)
        self.assertEqual(self.run_json("inspect", model)["tensors"][-1]["shape"], [4])
        self.run_json("eval", model)

    def test_other_data_under_the_same_name(self):
        self.save(self.pixels.astype("u1"))
        model = self.train("--fraction", 0.5)
        record = json.loads(self.run_json("inspect", model)["metadata"]["hypnos.recipe"])["record"]
        self.assertEqual((record["samples"], record["shape"], record["subset_samples"]), (200, [6, 5], 100))
        order = RANDOM.permutation(200)
        self.save(self.pixels[order].astype("u1"), self.labels[order])
        output = ("-o", self.folder / "out")
        for verb in (("eval", model), ("eval", model, "--split", "train"), ("wake", model, *output),
                     ("sleep", model, *SLEEP, "--guard", "folds", *output),
                     ("finetune", model, *output), ("tune", model, *output)):
            with self.subTest(verb[0]):
                self.assert_refused("is not what the model was trained on: 200 samples of [6 x 5] then, 200 "
                                    "samples of [6 x 5] now, with other numbers or labels, or in another "
                                    "order; --data-changed accept goes on", *verb)
        self.run_well("wake", model, "--data-changed", "accept", "-o", self.folder / "accepted")
        self.run_json("eval", self.folder / "accepted")
        self.save(self.pixels[order].astype("i8"), self.labels[order].astype("f4"))
        self.run_json("eval", self.folder / "accepted")  # the same numbers in another type

    def test_normalized_inputs(self):
        self.save(self.pixels.astype("u1"))
        arrays = self.write_network(30)
        right = accuracy(arrays, (self.pixels / 255 - 0.1307) / 0.3081, self.labels)
        self.assertAlmostEqual(self.eval("--normalize", "0.1307,0.3081"), right)
        mean, deviation = (self.pixels / 255).mean(), (self.pixels / 255).std()
        right = accuracy(arrays, (self.pixels / 255 - mean) / deviation, self.labels)
        self.assertAlmostEqual(self.eval("--normalize", "standardize"), right)
        for wrong in ("inf,1", "nan,1", "0,inf", "1", "1,0", "1,2,3", "a,b", "1,-1", ""):
            self.assert_refused("normalize", "eval", self.folder / "net", "--data", self.data,
                                f"--normalize={wrong}" if wrong else "--normalize")

    def test_noise_keeps_the_shape_that_inputs_had_before(self):
        self.save(self.pixels.astype("u1"))
        spikes = []
        for name, options in (("plain", ()), ("normal", ("--normalize", "0.5,0.25"))):
            model = self.train(*options, name=name)
            slept = self.run_json("sleep", model, *SLEEP, "--set", "steps=200", "-o", self.folder / "slept")
            spikes.append(slept["layers"][0]["spikes"])
            self.run_json("eval", self.folder / "slept")
        self.assertEqual(spikes[0], spikes[1])
        self.assertGreater(spikes[0], 0)

    def test_inputs_of_mean_zero_are_no_shape_of_noise(self):
        features = RANDOM.normal(size=(200, 30))
        self.save(features)
        right = accuracy(self.write_network(30), features.astype("f4"), self.labels)
        self.assertAlmostEqual(self.eval(), right)
        self.assert_refused("the mean input is not positive anywhere, so that noise in its shape is silent; "
                            "give the data as they were before", "sleep", self.folder / "net", "--data",
                            self.data, *SLEEP, "-o", self.folder / "out")

    def test_a_study_knows_reshaped_data(self):
        self.save(self.pixels.astype("u1"))
        (self.folder / "plan.toml").write_text(
            f"answers = 'x'\ndata = '{self.data}'\nhidden = [8]\nepochs = 1\nfinetune_epochs = 1\n"
            "stages = ['control']\nnormalize = 'standardize'\n")
        arguments = ("run", self.folder / "plan.toml", "--db", self.folder / "r.sqlite", "--json")
        self.assertEqual(json.loads(self.run_well(*arguments).stdout)["finished"], 1)
        self.save(self.pixels.reshape(200, 5, 6).astype("u1"))
        self.assertEqual(json.loads(self.run_well(*arguments).stdout)["finished"], 1)
        database = sqlite3.connect(self.folder / "r.sqlite")
        self.assertEqual(database.execute("SELECT count(*) FROM trials").fetchone(), (2,))
        self.save(self.pixels.reshape(200, 30).astype("u1"))
        self.assert_refused("the key range decides: pixels or as-is", *arguments)
        self.run_well(*arguments, "--set", "range=pixels")

    def test_damaged_downloads_are_fetched_again(self):
        folder = self.folder / "fashion-mnist"
        folder.mkdir()
        for half in ("train", "t10k"):
            for kind in ("images-idx3", "labels-idx1"):
                (folder / f"{half}-{kind}-ubyte.gz").write_bytes(b"\x1f\x8b damaged")
        environment = {**os.environ, "HYPNOS_DATA": str(self.folder), "https_proxy": "http://127.0.0.1:9"}
        done = call("data", "info", "fashion-mnist", env=environment)
        self.assertIn("get it again with: hypnos data fetch fashion-mnist", done.stderr)
        done = call("data", "fetch", "fashion-mnist", env=environment)
        self.assertIn("it is fetched again", done.stderr)
        self.assertIn("no mirror has train-images", done.stderr)

    @unittest.skipIf(os.environ.get("HYPNOS_SANITIZED"), "sanitizers take memory of their own")
    def test_memory(self):
        images = numpy.zeros((100_000, 640), "u1").reshape(100_000, 20, 32)
        images[:, 0, :] = 255
        self.save(images, numpy.arange(100_000) % 4, halves=("train",))
        size = images.nbytes
        for verb in (("data", "info", self.data),
                     ("train", "--data", self.data, "--hidden", "4", "--epochs", 1, "-o", self.folder / "out"),
                     ("eval", self.folder / "out", "--split", "train")):
            done = call(*verb, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (3 * size, 3 * size)))
            self.assertEqual(done.returncode, 0, done.stderr)
        shutil.rmtree(self.data)

"""Networks as people save them: each is read rightly, which is measured here in NumPy or PyTorch, or
refused with the way out."""

import numpy
import torch

from integration import safetensors_files
from integration.program import PARAMETERS, ProgramTest, call


class ModelsTest(ProgramTest):
    def setUp(self):
        super().setUp()
        self.random = numpy.random.default_rng(1)
        self.data = self.folder / "data"
        self.data.mkdir()
        self.images = self.random.random((300, 16)).astype("f4")
        self.label(lambda logits: logits.argmax(1), classes=5)

    def label(self, answer, classes):
        """Labels that are mostly what a linear map says."""
        teacher = self.random.normal(size=(16, classes))
        logits = (self.images - 0.5) @ teacher
        self.labels = answer(logits).astype("i8")
        for half in ("train", "test"):
            numpy.save(self.data / f"{half}-images.npy", self.images)
            numpy.save(self.data / f"{half}-labels.npy", self.labels)

    def normal(self, *shape):
        return self.random.normal(size=shape).astype("f4")

    def write(self, arrays, metadata=None, name="model"):
        path = self.folder / f"{name}.safetensors"
        safetensors_files.write(path, arrays, metadata)
        return path

    def accuracy(self, path, *options):
        return self.run_json("eval", path, "--data", self.data, *options)["accuracy"]

    def right(self, arrays, order):
        """The accuracy of the layers in this order."""
        x = self.images.astype("f8")
        for name in order:
            x = x @ arrays[f"{name}.weight"].astype("f8").T + arrays[f"{name}.bias"]
            if name != order[-1]:
                x = numpy.maximum(x, 0)
        return float((x.argmax(1) == self.labels).mean())

    def layers(self, sizes):
        arrays = {}
        for name, (inputs, outputs) in sizes.items():
            arrays[f"{name}.weight"] = self.normal(outputs, inputs)
            arrays[f"{name}.bias"] = self.normal(outputs)
        return arrays

    def as_the_package_writes(self, arrays):
        return dict(sorted(arrays.items()))

    def test_only_one_order_is_a_chain(self):
        for order in (("features.0", "features.fc1.0", "classifier"), ("input", "between", "answer")):
            sizes = dict(zip(order, ((16, 8), (8, 8), (8, 5))))
            arrays = self.layers(sizes)
            path = self.write(self.as_the_package_writes(arrays))
            self.assertEqual(self.accuracy(path), self.right(arrays, order))
            self.assertEqual(self.run_json("inspect", path)["order"], "shapes")

    def test_the_order_of_the_file(self):
        order = ("layer_one", "layer_two", "layer_three", "out")
        arrays = self.layers(dict(zip(order, ((16, 8), (8, 8), (8, 8), (8, 5)))))
        path = self.write(arrays)
        self.assertEqual(self.accuracy(path), self.right(arrays, order))
        self.assertIn("as they stand in the file", self.run_well("inspect", path).stdout)

    def test_an_order_that_nobody_can_know(self):
        order = ("first", "mid", "back", "end")
        arrays = self.layers(dict(zip(order, ((16, 8), (8, 8), (8, 8), (8, 5)))))
        path = self.write(self.as_the_package_writes(arrays))
        self.assert_refused("mid.weight [8 x 8]", "eval", path, "--data", self.data)
        self.assert_refused("--layers first,", "eval", path, "--data", self.data)
        said = ",".join(order)
        self.assertEqual(self.accuracy(path, "--layers", said), self.right(arrays, order))
        # What is written remembers it.
        again = self.folder / "again.safetensors"
        self.run_well("finetune", path, "--data", self.data, "--epochs", 0, "--layers", said, "-o", again)
        self.assertEqual(self.accuracy(again), self.right(arrays, order))

    def test_a_layer_without_a_name(self):
        arrays = {"weight": self.normal(5, 16), "bias": self.normal(5)}
        path = self.write(arrays)
        logits = self.images @ arrays["weight"].T + arrays["bias"]
        self.assertEqual(self.accuracy(path), float((logits.argmax(1) == self.labels).mean()))

    def test_pruned_tied_and_unknown_tensors(self):
        arrays = self.layers({"0": (16, 8), "4": (8, 5)})
        for metadata, more, message in (
            (None, {"2.weight_orig": self.normal(8, 8), "2.weight_mask": self.normal(8, 8)},
             "torch.nn.utils.prune.remove"),
            ({"2.weight": "0.weight"}, {}, "metadata 2.weight: is the same tensor as 0.weight"),
            (None, {"0.mybias": self.normal(8)}, "tensor 0.mybias [8]"),
        ):
            path = self.write({**arrays, **more}, metadata)
            for verb in (["eval"], ["inspect"], ["wake", "-o", self.folder / "w"],
                         ["sleep", "--params", PARAMETERS, "-o", self.folder / "w"]):
                options = [] if verb[0] == "inspect" else ["--data", self.data]
                self.assert_refused(message, verb[0], path, *options, *verb[1:])
        said = ("--without-effect", "0.mybias")
        self.assertEqual(self.accuracy(path, *said), self.right(arrays, ("0", "4")))
        again = self.folder / "again.safetensors"
        self.run_well("finetune", path, "--data", self.data, "--epochs", 0, *said, "-o", again)
        self.assertEqual(self.accuracy(again), self.right(arrays, ("0", "4")))
        kept, _ = safetensors_files.read(again)
        self.assertTrue(numpy.array_equal(kept["0.mybias"], path_arrays(path)["0.mybias"]))

    def test_batch_norm_before_and_after_the_relu(self):
        torch.manual_seed(1)
        for build in (lambda a, n, b: [a, n, torch.nn.ReLU(), b], lambda a, n, b: [a, torch.nn.ReLU(), n, b]):
            model = torch.nn.Sequential(*build(torch.nn.Linear(16, 8), torch.nn.BatchNorm1d(8),
                                               torch.nn.Linear(8, 5)))
            model.train()
            for _ in range(20):
                model(torch.tensor(self.images))
            for parameter in model.parameters():
                parameter.data += 0.1 * torch.randn(parameter.shape)
            model.eval()
            path = self.write({k: v.numpy() for k, v in model.state_dict().items()})
            images = torch.tensor(self.images)
            before = model(images).argmax(1).numpy()
            self.assertEqual(self.accuracy(path), float((before == self.labels).mean()))

            slept = self.folder / "slept.safetensors"
            result = self.run_json(
                "sleep", path, "--data", self.data, "--params", PARAMETERS, "--set", "steps=300",
                "--set", "patch=0", "--set", "target_rate=[0.05, 0.1]", "-o", slept)
            arrays, _ = safetensors_files.read(slept)
            self.assertFalse(numpy.array_equal(arrays["0.weight"], path_arrays(path)["0.weight"]))
            self.assertEqual(arrays.keys(), path_arrays(path).keys())
            model.load_state_dict({k: torch.tensor(v) for k, v in arrays.items()})
            after = float((model(images).argmax(1).numpy() == self.labels).mean())
            self.assertEqual(self.accuracy(slept), after)
            self.assertEqual(result["training_accuracy_after"], after)
            self.assertIn("BatchNorm", self.run_well("inspect", slept).stdout)

    def test_one_output_with_a_sigmoid(self):
        self.label(lambda logits: logits[:, 0] > 0, classes=1)
        arrays = {"0.weight": self.normal(8, 16), "0.bias": self.normal(8),
                  "2.weight": self.normal(1, 8), "2.bias": self.normal(1)}
        path = self.write(arrays)
        hidden = numpy.maximum(self.images.astype("f8") @ arrays["0.weight"].T + arrays["0.bias"], 0)
        z = (hidden @ arrays["2.weight"].astype("f8").T + arrays["2.bias"])[:, 0]
        found = self.run_json("eval", path, "--data", self.data)
        answers = (z > 0).astype(int)
        self.assertEqual(found["accuracy"], float((answers == self.labels).mean()))
        recalls = [float((answers[self.labels == c] == c).mean()) for c in (0, 1)]
        self.assertAlmostEqual(found["balanced_accuracy"], sum(recalls) / 2)
        pairs = z[self.labels == 1][:, None] - z[self.labels == 0][None, :]
        self.assertAlmostEqual(found["roc_area"], float((pairs > 0).mean()))
        self.assertIn("area under the ROC curve", self.run_well("eval", path, "--data", self.data).stdout)

        tuned = self.folder / "tuned.safetensors"
        self.run_well("finetune", path, "--data", self.data, "--learning-rate", 0.05, "--epochs", 40,
                      "-o", tuned)
        self.assertGreater(self.accuracy(tuned), 0.9)
        trained = self.folder / "trained.safetensors"
        self.run_well("train", "--data", self.data, "--protocol", "modern", "--output-kind", "sigmoid",
                      "--hidden", 8, "--epochs", 60, "-o", trained)
        self.assertEqual(path_arrays(trained)["2.weight"].shape, (1, 8))
        self.assertGreater(self.accuracy(trained), 0.9)

    def test_counters_and_thresholds_stay_as_they_are(self):
        arrays = self.layers({"fc1": (16, 8), "fc2": (8, 5)})
        kept = {"lif1.threshold": numpy.array(1.5, "f4"), "lif1.beta": numpy.array(0.9, "f4"),
                "steps_seen": numpy.array(7, "i8")}
        path = self.write({**arrays, **kept})
        self.assertEqual(self.accuracy(path), self.right(arrays, ("fc1", "fc2")))
        again = self.folder / "again.safetensors"
        self.run_well("finetune", path, "--data", self.data, "--epochs", 0, "-o", again)
        for name, value in kept.items():
            self.assertEqual(path_arrays(again)[name], value)
        self.assertEqual(sorted(self.run_json("inspect", again)["kept"]), sorted(kept))

    def test_reports_are_of_what_is_written(self):
        # Weights whose rounding to half precision changes answers.
        arrays = {"0.weight": self.normal(8, 16).astype("f2"), "0.bias": numpy.full(8, 2000, "f2"),
                  "2.weight": self.normal(5, 8).astype("f2"), "2.bias": self.normal(5).astype("f2")}
        path = self.write(arrays)
        output = self.folder / "output.safetensors"
        tuned = self.run_json("finetune", path, "--data", self.data, "--learning-rate", 1e-5,
                              "--epochs", 3, "-o", output)
        self.assertEqual(tuned["training_accuracy"], self.accuracy(output))
        slept = self.run_json("sleep", path, "--data", self.data, "--params", PARAMETERS, "--set",
                              "patch=0", "--set", "target_rate=[0.05, 0.1]", "--set", "steps=200",
                              "-o", output)
        self.assertEqual(slept["training_accuracy_after"], self.accuracy(output))

    def test_files_of_others_are_named(self):
        path = self.folder / "model.pt"
        for old in (False, True):
            torch.save(torch.nn.Linear(3, 2).state_dict(), path, _use_new_zipfile_serialization=not old)
            self.assert_refused("is a PyTorch file (torch.save); convert it", "eval", path,
                                "--data", self.data)

    def test_names_do_not_steer_the_terminal(self):
        name = "0\x1b[31m\x1b]52;c;ZXZpbA==\x07\nhypnos: all is well.weight"
        path = self.write({name: self.normal(5, 16)}, {"note\x1b[2J": "hello\x9b31m\u202etxt"})
        said = call("inspect", path)
        self.assertEqual(said.returncode, 0, said.stderr)
        refused = call("eval", path, "--data", self.data, "--layers", "\x1b[2J\n\x9b")
        self.assertEqual(refused.returncode, 2)
        for text in (said.stdout, refused.stderr):
            self.assertFalse([c for c in text if (ord(c) < 32 and c != "\n") or 127 <= ord(c) < 160
                              or c == "\u202e"])
            self.assertNotIn("\nhypnos: all", text)
        self.assertIn("\\x1b[31m", said.stdout)

    def test_devices_and_pipes_are_no_models(self):
        self.assert_refused("/dev/zero: is not a file", "inspect", "/dev/zero")


def path_arrays(path):
    return safetensors_files.read(path)[0]

"""To PyTorch and back: what hypnos writes loads into nn.Sequential, and the other way round."""

import gzip
import pathlib

import numpy
import torch

from integration import safetensors_files
from integration.program import PARAMETERS, ProgramTest

FASHION_MNIST = pathlib.Path("/usr/share/datasets/fashion-mnist")


def read_test_set():
    images = gzip.open(FASHION_MNIST / "t10k-images-idx3-ubyte.gz").read()[16:]
    labels = gzip.open(FASHION_MNIST / "t10k-labels-idx1-ubyte.gz").read()[8:]
    pixels = numpy.frombuffer(images, numpy.uint8).reshape(-1, 784)
    return (torch.tensor(pixels, dtype=torch.float32) / 255,
            torch.tensor(numpy.frombuffer(labels, numpy.uint8).astype(numpy.int64)))


def sequential(sizes, bias, relu_output):
    layers = []
    for inputs, outputs in zip(sizes, sizes[1:]):
        layers += [torch.nn.Linear(inputs, outputs, bias=bias), torch.nn.ReLU()]
    return torch.nn.Sequential(*(layers if relu_output else layers[:-1]))


def right_answers(model, images, labels):
    with torch.no_grad():
        return int((model(images).argmax(1) == labels).sum())


class PyTorchTest(ProgramTest):
    def assert_same_right_answers(self, path, model):
        images, labels = read_test_set()
        result = self.run_json("eval", path, "--data", "fashion-mnist")
        self.assertEqual(round(result["accuracy"] * result["samples"]),
                         right_answers(model, images, labels))

    def test_what_hypnos_writes_loads_into_sequential(self):
        for protocol in ("authors", "modern"):
            with self.subTest(protocol):
                path = self.train(protocol, "--protocol", protocol, "--learning-rate", 0.1, epochs=20)
                slept = self.folder / f"{protocol}-slept.safetensors"
                self.run_well("sleep", path, "--params", PARAMETERS,
                              "--set", "steps=300", "-o", slept)
                for file in (path, slept):
                    arrays, metadata = safetensors_files.read(file)
                    model = sequential((784, 40, 30, 10), protocol == "modern",
                                       metadata["hypnos.output"] == "relu")
                    model.load_state_dict({k: torch.tensor(v) for k, v in arrays.items()})
                    self.assert_same_right_answers(file, model)

    def test_what_pytorch_saves_can_be_slept(self):
        torch.manual_seed(1)
        model = torch.nn.Sequential(torch.nn.Linear(784, 20), torch.nn.ReLU(),
                                    torch.nn.Linear(20, 10))
        path = self.folder / "mine.safetensors"
        arrays = {f"net.fc{k[0]}{k[1:]}": v.numpy() for k, v in model.state_dict().items()}
        safetensors_files.write(path, arrays, {"format": "pt", "note": "mine"})
        self.assert_same_right_answers(path, model)

        slept = self.folder / "slept.safetensors"
        report = self.run_json(
            "sleep", path, "--data", "fashion-mnist", "--fraction", 0.01,
            "--params", "authors-fashion-mnist-1pct",
            "--set", "target_rate=[0.01, 0.05]", "--set", "steps=500", "-o", slept)
        self.assertGreater(report["layers"][1]["spikes"], 0)
        after, metadata = safetensors_files.read(slept)
        self.assertEqual(set(after), set(arrays))
        self.assertEqual(metadata["note"], "mine")
        self.assertFalse(numpy.array_equal(after["net.fc0.weight"], arrays["net.fc0.weight"]))
        self.assertTrue(numpy.array_equal(after["net.fc0.bias"], arrays["net.fc0.bias"]))
        model.load_state_dict({k.replace("net.fc", ""): torch.tensor(v) for k, v in after.items()})
        self.assert_same_right_answers(slept, model)

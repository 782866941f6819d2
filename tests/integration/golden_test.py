"""The golden sleeps, reproduced through the program alone."""

import json

import numpy

from integration import safetensors_files
from integration.program import GOLDEN, ProgramTest


class GoldenTest(ProgramTest):
    def test_sleeps_of_the_authors_code(self):
        files = sorted(GOLDEN.glob("sleep_*.json"))
        self.assertEqual(len(files), 5)
        for file in files:
            with self.subTest(file.stem):
                self.check(json.loads(file.read_text()))

    def check(self, golden):
        sizes, steps = golden["sizes"], golden["steps"]
        shapes = [(sizes[l + 1], sizes[l]) for l in range(len(sizes) - 1)]
        model = self.folder / "model.safetensors"
        safetensors_files.write(model, {
            f"{2 * l}.weight": numpy.array(golden["weights_before"][l], "f4").reshape(shape)
            for l, shape in enumerate(shapes)
        })
        spikes = numpy.zeros((steps, sizes[0]), bool)
        for step, active in enumerate(golden["input_spikes"]):
            spikes[step, active] = True
        numpy.save(self.folder / "spikes.npy", spikes)
        thresholds = [beta * golden["threshold"] for beta in golden["beta"]]
        (self.folder / "sleep.toml").write_text(
            f"steps = {steps}\ndecay = {golden['decay']}\nincrement = {golden['inc']}\n"
            f"decrement = {golden['dec']}\nalpha = {golden['alpha']}\nthreshold = {thresholds}\n"
        )
        slept = self.folder / "slept.safetensors"
        report = self.run_json(
            "sleep", model, "--params", self.folder / "sleep.toml",
            "--input-spikes", self.folder / "spikes.npy", "-o", slept,
        )
        counts = [sum(layer) for layer in golden["spike_counts"]]
        self.assertEqual([layer["spikes"] for layer in report["layers"]], counts)
        weights, _ = safetensors_files.read(slept)
        for l, shape in enumerate(shapes):
            after = numpy.array(golden["weights_after"][l]).reshape(shape)
            difference = numpy.abs(weights[f"{2 * l}.weight"] - after).max()
            self.assertLessEqual(difference, 5e-6, f"layer {l + 1}")

"""What a sleep records: spikes, states, accuracy."""

import csv

import numpy

from integration.program import PARAMETERS, ProgramTest


class RecordingTest(ProgramTest):
    def sleep(self, name, *options):
        output = self.folder / name
        report = self.run_json("sleep", self.model, "--params", PARAMETERS,
                               "--set", "steps=700", "-o", output, *options)
        return report, output.read_bytes()

    def test_record_and_trace(self):
        self.model = self.train("model", "--learning-rate", 0.1, epochs=20)
        plain, weights = self.sleep("plain")
        record, trace = self.folder / "night.npy", self.folder / "trace.csv"
        watched, watched_weights = self.sleep("watched", "--record", record, "--record-steps", 200,
                                              "--trace", trace, "--trace-steps", 300)
        self.assertEqual(weights, watched_weights, "looking on must not change the sleep")

        spikes = numpy.load(record)
        self.assertTrue((numpy.diff(spikes["step"].astype(int)) >= 0).all())
        for layer, expected in enumerate(watched["layers"]):
            self.assertEqual((spikes["layer"] == layer).sum(), expected["spikes"])
        self.assertGreater(plain["layers"][1]["spikes"], 0)
        self.assertLess(spikes["unit"][spikes["layer"] == 0].max(), 784)

        states = numpy.load(self.folder / "night.state.npy")
        self.assertEqual(sorted(set(states["step"])), [200, 400, 600])
        self.assertEqual(list(states["layer"][:3]), [1, 2, 3])
        self.assertTrue((states["weight_min"] < states["weight_mean"]).all())
        self.assertTrue((states["membrane_max"] >= states["membrane_mean"]).all())

        with open(trace) as file:
            rows = list(csv.DictReader(file))
        self.assertEqual([row["step"] for row in rows], ["0", "300", "600"])
        self.assertAlmostEqual(float(rows[0]["training_accuracy"]), plain["training_accuracy_before"])

    def test_names_that_cannot_be(self):
        self.model = self.train()
        arguments = ("sleep", self.model, "--params", PARAMETERS, "-o",
                     self.folder / "out")
        self.assert_refused("record: the file's name must end in .npy", *arguments, "--record", "x.h5")
        self.assert_refused("there is no folder", *arguments, "--record", self.folder / "no/x.npy")
        self.assert_refused("there is no folder", *arguments, "--trace", self.folder / "no/x.csv")

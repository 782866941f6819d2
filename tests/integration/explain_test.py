"""What `hypnos explain` says of networks of both kinds."""

import numpy as np

from integration.program import ProgramTest, call


class ExplainTest(ProgramTest):
    def network(self, name, *options):
        path = self.folder / f"{name}.safetensors"
        self.run_well("train", "--data", "fashion-mnist", "--fraction", 0.01, "--seed", 1,
                      "-o", path, *options)
        return path

    def test_a_network_on_its_plateau(self):
        path = self.network("early", "--hidden", "200", "--updates", 60)
        text = self.run_well("explain", path).stdout
        self.assertIn("is on its plateau", text)
        self.assertIn("will probably help", text)
        self.assertIn("--guard folds", text)
        found = self.run_json("explain", path)
        self.assertEqual(found["standing"], "plateau")
        self.assertGreater(found["class_correlations"][-1], 0.8)
        trained = self.run_json("eval", path, "--split", "train")
        self.assertEqual(found["accuracy"], trained["accuracy"])
        answered = [sum(row[c] for row in trained["confusion"]) for c in range(10)]
        self.assertAlmostEqual(found["commonest_answer"], max(answered) / 600)
        self.assertEqual(found["answered_classes"], sum(count > 6 for count in answered))
        # On the plateau the loss is that of one answer for all.
        self.assertAlmostEqual(found["loss"], found["loss_of_one_answer"], delta=0.02)

    def test_a_network_past_it(self):
        path = self.network("modern", "--hidden", "100", "--updates", 300, "--protocol", "modern")
        text = self.run_well("explain", path).stdout
        self.assertIn("is past its plateau", text)
        self.assertIn("do nothing for it", text)
        found = self.run_json("explain", path)
        self.assertEqual(found["standing"], "past")
        self.assertLess(found["class_correlations"][-1], 0.45)
        self.assertLess(found["loss"], found["loss_of_one_answer"] / 4)

    def test_a_network_that_has_slept(self):
        path = self.network("early", "--hidden", "200", "--updates", 60)
        slept = self.folder / "slept.safetensors"
        self.run_well("sleep", path, "--params", "authors-fashion-mnist-tuned",
                      "--set", "target_rate=[0.002, 0.05]", "-o", slept)
        self.assertIn("It has slept already.", self.run_well("explain", slept).stdout)
        self.assertNotIn("loss", self.run_json("explain", slept))

    def test_what_it_cannot_judge(self):
        images = np.random.default_rng(1).random((20, 4, 4), np.float32)
        np.savez(self.folder / "one.npz", train_images=images, train_labels=np.zeros(20, np.uint8),
                 test_images=images, test_labels=np.zeros(20, np.uint8))
        path = self.network("early", "--hidden", "20", "--updates", 2)
        done = call("explain", path, "--data", self.folder / "one.npz")
        self.assertEqual(done.returncode, 2)
        self.assertEqual(done.stderr.count("\n"), 1)

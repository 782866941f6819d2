"""Ctrl-C loses nothing, and nothing is written half."""

import signal
import subprocess
import time

from integration import safetensors_files
from integration.program import PARAMETERS, PROGRAM, ProgramTest


class InterruptTest(ProgramTest):
    def interrupt(self, *arguments):
        process = subprocess.Popen([PROGRAM, *map(str, arguments)], stderr=subprocess.PIPE, text=True)
        time.sleep(6)
        self.assertIsNone(process.poll(), "the work ended too early for this test")
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 130, errors)
        return errors

    def test_training_keeps_what_it_has(self):
        output = self.folder / "model"
        output.write_text("what was there before")
        errors = self.interrupt("train", "--data", "fashion-mnist", "--fraction", 0.02,
                                "--epochs", 100000, "-o", output)
        self.assertIn("model.interrupted", errors)
        self.assertEqual(output.read_text(), "what was there before")
        self.assertEqual(sorted(f.name for f in self.folder.iterdir()), ["model", "model.interrupted"])
        self.run_well("finetune", self.folder / "model.interrupted", "--epochs", 1, "-o", output)

    def test_sleep_keeps_what_it_has(self):
        model = self.train()
        output = self.folder / "slept"
        errors = self.interrupt("sleep", model, "--params", PARAMETERS,
                                "--set", "steps=100000000", "-o", output)
        self.assertIn("slept.interrupted", errors)
        self.assertFalse(output.exists())
        _, metadata = safetensors_files.read(self.folder / "slept.interrupted")
        self.assertIn("sleep", metadata["hypnos.recipe"])

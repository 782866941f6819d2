"""Runs the program under test, whose path is in the environment variable HYPNOS."""

import contextlib
import json
import os
import pathlib
import subprocess
import tempfile
import unittest

PROGRAM = os.environ["HYPNOS"]
# A sleep in which small networks fire.
PARAMETERS = pathlib.Path(__file__).parent / "parameters.toml"
GOLDEN = pathlib.Path(__file__).parent.parent / "reference" / "golden"


def call(*arguments, stdout_to=None, stderr_to=None, **options):
    """The finished process: returncode, stdout, stderr as text, unless sent to a file."""
    with contextlib.ExitStack() as files:
        def stream(path):
            return files.enter_context(open(path, "w")) if path else subprocess.PIPE

        return subprocess.run([PROGRAM, *map(str, arguments)], stdout=stream(stdout_to),
                              stderr=stream(stderr_to), text=True, timeout=300, **options)


def has_mnist():
    """Whether MNIST is at hand. Otherwise tests take Fashion-MNIST, which is always installed."""
    return (pathlib.Path(os.environ.get("HYPNOS_DATA", "/nowhere")) / "mnist").is_dir()


class ProgramTest(unittest.TestCase):
    """A test case with a folder of its own, self.folder."""

    def setUp(self):
        temporary = tempfile.TemporaryDirectory(prefix="hypnos-test-")
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)

    def run_well(self, *arguments):
        done = call(*arguments)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done

    def run_json(self, *arguments):
        return json.loads(self.run_well(*arguments, "--json").stdout)

    def assert_refused(self, message, *arguments, status=2):
        """The call fails with one line on standard error that contains `message`."""
        done = call(*arguments)
        self.assertEqual(done.returncode, status, done.stderr)
        self.assertIn(message, done.stderr)
        self.assertTrue(done.stderr.startswith("hypnos: "), done.stderr)
        self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
        self.assertEqual(done.stdout, "")

    def train(self, name="model", *options, epochs=2):
        """A small network trained on 100 images of Fashion-MNIST; its path."""
        path = self.folder / f"{name}.safetensors"
        self.run_well(
            "train", "--data", "fashion-mnist", "--per-class", 10, "--hidden", "40,30",
            "--epochs", epochs, "-o", path, *options,
        )
        return path

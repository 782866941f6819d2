"""A build without Node.js leaves the page out, and says so."""

import os
import pathlib
import subprocess
import tempfile
import unittest

CMAKE = os.environ["CMAKE"]
SOURCE = pathlib.Path(os.environ["HYPNOS_SOURCE"])


class ReportBuildTest(unittest.TestCase):
    def run_cmake(self, *arguments):
        done = subprocess.run([CMAKE, *map(str, arguments)], capture_output=True, text=True,
                              timeout=300)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def test_without_node(self):
        with tempfile.TemporaryDirectory(prefix="hypnos-test-") as build:
            said = self.run_cmake("-S", SOURCE, "-B", build, "-G", "Ninja", "-D", "NODE_PROGRAM=no")
            self.assertIn("report is left out: there is no Node.js", said)
            texts = pathlib.Path(build) / "texts.cpp"
            self.run_cmake("-D", f"OUTPUT={texts}", "-D", "FILES=", "-P",
                           SOURCE / "cmake" / "EmbedReport.cmake")
            self.assertEqual(texts.read_text().count('= R"report-text()report-text";'), 2)

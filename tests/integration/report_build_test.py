"""A build without Node.js leaves the page out, and says so."""

import os
import subprocess
import tempfile
import unittest


class ReportBuildTest(unittest.TestCase):
    def test_without_node(self):
        with tempfile.TemporaryDirectory(prefix="hypnos-test-") as build:
            done = subprocess.run(
                [os.environ["CMAKE"], "-S", os.environ["HYPNOS_SOURCE"], "-B", build, "-G", "Ninja",
                 "-D", "NODE_PROGRAM=no"], capture_output=True, text=True, timeout=300)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn("report is left out: there is no Node.js", done.stdout)
            subprocess.run([os.environ["CMAKE"], "--build", build, "--target",
                            "src/report/report_texts.cpp"], check=True, capture_output=True, timeout=300)
            with open(f"{build}/src/report/report_texts.cpp") as file:
                self.assertEqual(file.read().count('R"report-text()report-text"'), 2)

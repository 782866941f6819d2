"""The committed results: three cheap trials of each are run again."""

import json
import os
import pathlib

from integration.program import ProgramTest

RESULTS = pathlib.Path(__file__).resolve().parents[2] / "docs" / "results"


def has_mnist():
    """Otherwise results on Fashion-MNIST alone are checked, which is always installed."""
    return (pathlib.Path(os.environ.get("HYPNOS_DATA", "/nowhere")) / "mnist").is_dir()


class VerifyTest(ProgramTest):
    def test_committed_results_are_found_again(self):
        files = sorted(RESULTS.glob("*.results.json"))
        self.assertGreater(len(files), 0)
        for file in files:
            with self.subTest(file.name):
                results = json.loads(file.read_text())
                self.assertLess(file.stat().st_size, 2_000_000)
                if not has_mnist():
                    results["trials"] = [trial for trial in results["trials"]
                                         if trial["configuration"]["data"] == "fashion-mnist"]
                self.assertGreaterEqual(len(results["trials"]), 3)
                here = self.folder / file.name
                here.write_text(json.dumps(results))
                found = self.run_json("verify", here, "--trials", 3, "--cheapest")
                self.assertEqual((found["verified"], found["equal"]), (3, 3), found)

"""The examples of the README and of the program's guide, run as they stand there."""

import os
import pathlib
import re
import subprocess
import sys

from integration.program import PROGRAM, ProgramTest

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
PAGES = {"README.md": ["sh"],
         "docs/guides/program.md": ["sh", "sh", "python", "sh", "sh", "sh", "sh", "sh"]}
EXAMPLE = re.compile(r"<!-- tested by tests/[^>]*-->\n```(sh|python)\n(.*?)```", re.S)


class ReadmeTest(ProgramTest):
    def test_examples(self):
        self.assertIn("# test accuracy", (REPOSITORY / "README.md").read_text())
        examples = []
        for page, languages in PAGES.items():
            found = EXAMPLE.findall((REPOSITORY / page).read_text())
            self.assertEqual([language for language, _ in found], languages, page)
            examples += found
        path = f"{pathlib.Path(PROGRAM).parent}:{os.environ['PATH']}"
        if os.environ["HYPNOS_REPORT"] == "0":  # built without Node.js, and so without a page
            examples = [example for example in examples if "hypnos report" not in example[1]]
        for language, text in examples:
            with self.subTest(text.strip().splitlines()[0]):
                command = [sys.executable, "-c", text] if language == "python" else ["bash", "-ec", text]
                done = subprocess.run(command, cwd=self.folder, env={**os.environ, "PATH": path},
                                      capture_output=True, text=True, timeout=300)
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assert_promised_accuracies(text)

    def assert_promised_accuracies(self, text):
        """Where an example says what comes out, that comes out."""
        promised = re.search(r"# test accuracy (\.\d+); before the sleep it was (\.\d+)", text)
        if promised:
            for model, number in (("slept", promised[1]), ("early", promised[2])):
                found = self.run_json("eval", self.folder / f"{model}.safetensors")["accuracy"]
                self.assertEqual(f"{found:.3f}", f"0{number}")

"""What the tests of attacks begin with: data, a model, parameters, and small studies."""

import os

from integration.program import ProgramTest
from integration.small_data import SLEEP, write_data

HAS_PAGE = os.environ["HYPNOS_REPORT"] == "1"


class AttackTest(ProgramTest):
    def setUp(self):
        super().setUp()
        self.data = self.folder / "data"
        write_data(self.data)
        self.model = self.folder / "model"
        self.run_well("train", "--data", self.data, "--hidden", "64,32", "--protocol", "modern",
                      "--epochs", 2, "-o", self.model)
        self.parameters = self.folder / "sleep.toml"
        self.parameters.write_text(SLEEP)
        self.sleep = ["sleep", self.model, "--params", self.parameters]

    def run_study(self, name="plan", more="hidden = [8]\nstages = []\nseeds = 2\n"):
        plan = self.folder / f"{name}.toml"
        plan.parent.mkdir(exist_ok=True)
        plan.write_text(f"answers = 'x'\ndata = '{self.data}'\nper_class = 20\nepochs = 1\n{more}")
        self.run_well("run", plan, "--db", self.folder / "r.sqlite")
        return self.folder / "r.sqlite"

    def run_sleep_study(self, stages):
        return self.run_study("slept", f"hidden = [64, 32]\nstages = {stages}\nsleep = 'sleep.toml'\n"
                                       "finetune_epochs = 1\nseeds = 1\n")

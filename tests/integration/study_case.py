"""A small study of data of its own."""

from integration.program import ProgramTest
from integration.small_data import SLEEP, write_data

PLAN = """
answers = "a test"
data = "data"
per_class = [20, 40]
hidden = [64, 64]
protocol = ["authors", "modern"]
epochs = 100
sleep = "sleep.toml"
finetune_epochs = 50
seeds = 5
[sleep_parameters]
steps = 3000
"""


class StudyCase(ProgramTest):
    def setUp(self):
        super().setUp()
        self.plan = self.folder / "plan.toml"
        self.plan.write_text(PLAN)
        (self.folder / "sleep.toml").write_text(SLEEP)
        write_data(self.folder / "data")

    def command(self, database, *options):
        return ["run", self.plan, "--db", self.folder / database, *options]

    def study(self, database, *options):
        return self.run_json(*self.command(database, *options))

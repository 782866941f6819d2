"""
The tasks of forgetting.py in Avalanche: a plugin that sleeps after each experience.

Needs avalanche-lib (tried: 0.6.0), which needs torchvision of the same build as PyTorch. Beside
PyTorch for CPUs the torchvision of the Python package index, which is for GPUs, cannot be imported.

usage: avalanche_plugin.py    (options as of forgetting.py)
"""

import torch
from avalanche.benchmarks import class_incremental_benchmark
from avalanche.benchmarks.utils import as_classification_dataset
from avalanche.training.plugins import SupervisedPlugin
from avalanche.training.supervised import Naive
from forgetting import BATCH, EPOCHS, PARAMETERS, RATE, make_model, options, read, right
from torch.utils.data import DataLoader, TensorDataset

import sleepreplay as sr


class SleepPlugin(SupervisedPlugin):
    """Sleeps after each experience of any strategy."""

    def __init__(self, sleeper):
        """Take a sleepreplay.torch.Sleeper of the strategy's model."""
        super().__init__()
        self.sleeper = sleeper

    def after_training_exp(self, strategy, **kwargs):
        """Sleep on the images of this experience, and wake."""
        loader = DataLoader(strategy.experience.dataset, batch_size=1000)
        self.sleeper.after_task(loader, optimizer=strategy.optimizer)


class Labeled(TensorDataset):
    """Samples and labels as Avalanche wants them."""

    def __init__(self, X, y):
        """Take samples, and one label for each."""
        super().__init__(X, y)
        self.targets = y.tolist()

    def __getitem__(self, index):
        """Give a sample and its label, as a number."""
        return self.tensors[0][index], self.targets[index]


if __name__ == "__main__":
    given = options()
    X, y = read(given.data, "train", 6000)
    X_test, y_test = read(given.data, "t10k", 10000)
    benchmark = class_incremental_benchmark(
        {
            "train": as_classification_dataset(Labeled(X, y)),
            "test": as_classification_dataset(Labeled(X_test, y_test)),
        },
        num_experiences=5,
        class_order=list(range(10)),
    )
    model = make_model(given.seed)
    strategy = Naive(
        model=model,
        optimizer=torch.optim.SGD(model.parameters(), RATE),
        criterion=torch.nn.CrossEntropyLoss(),
        train_mb_size=BATCH,
        train_epochs=EPOCHS,
        plugins=[SleepPlugin(sr.torch.Sleeper(model, PARAMETERS, seed=given.seed))],
        evaluator=None,
    )
    for experience in benchmark.train_stream:
        strategy.train(experience)
        model.eval()
        accuracy = right(model, X_test, y_test).mean()
        print(experience.classes_in_this_experience, f"{accuracy:.3f}", flush=True)

"""The sleep as a plain dense PyTorch loop: every synapse at every step."""

import time

import torch


def sleep(weights, alpha, threshold, decay, increment, decrement, probabilities, steps):
    """Sleeps the list of weight matrices in place; seconds per step.

    probabilities: [steps x inputs], of an input spike
    """
    torch.set_num_threads(1)
    potentials = [torch.zeros(w.shape[0]) for w in weights]
    start = time.perf_counter()
    with torch.no_grad():
        for step in range(steps):
            spikes = torch.bernoulli(probabilities[step])
            for l, w in enumerate(weights):
                v = decay * potentials[l] + alpha[l] * (w @ spikes)
                fired = (v >= threshold[l]).float()
                phi = 2 / (1 + torch.exp(w / 0.001))
                change = torch.where(spikes > 0, increment, -decrement)
                w += torch.outer(fired, change) * phi
                potentials[l] = v * (1 - fired)
                spikes = fired
    return (time.perf_counter() - start) / steps

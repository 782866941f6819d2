"""The spiking network in NIR: other programs get the same spikes out of it as the sleep itself."""

from __future__ import annotations

import contextlib
import io
import itertools

import numpy as np
import pytest

import sleepreplay as sr

nir = pytest.importorskip("nir")

SIZES = [40, 60, 50, 10]
STEPS = 500
PARAMETERS = sr.Parameters(
    steps=STEPS,
    decay=0.999,
    increment=0.0,
    decrement=0.0,
    alpha=[1.3, 0.7, 1.1],
    threshold=[2.7, 3.1, 1.9],
)
# A potential this near to its threshold [part of all that was added up for it] may fall on either
# side, since sums of single precision depend on their order.
NEAR = 5e-7


def network(sizes=SIZES, biases=False):
    random = np.random.default_rng(3)
    pairs = list(itertools.pairwise(sizes))
    return sr.Network(
        [random.normal(0.05, 0.3, (b, a)) for a, b in pairs],
        [random.normal(0, 0.5, b) for _, b in pairs] if biases else None,
    )


def input_spikes(units=SIZES[0], rate=0.1):
    return np.random.default_rng(4).random((STEPS, units)) < rate


def spikes_of_sleep(net, parameters, spikes, folder):
    """Spikes [steps x units] of each layer that fires, by the sleep engine."""
    X = np.random.default_rng(5).random((5, net.sizes[0]), dtype=np.float32)
    file = folder / "x.npy"
    slept, report = sr.sleep(net, X, parameters, input_spikes=spikes, record=file)
    assert slept.same_weights(net)
    rasters = [np.zeros((parameters.steps, n), bool) for n in net.sizes[1:]]
    for step, layer, unit in np.load(file):
        if layer > 0:
            rasters[layer - 1][step, unit] = True
    return rasters, report


def interpret(graph, spikes, dt):
    """Run a graph by Euler's method, as NIR's equations say: plain and slow, in double precision.

    Returns spikes of each layer, and how near the potentials came to their thresholds.
    """
    edges = dict(graph.edges)
    order, name = [], "input"
    while (name := edges[name]) != "output":
        order.append(graph.nodes[name])
    potentials = [np.zeros(len(n.v_threshold)) for n in order[1::2]]
    rasters = [[] for _ in potentials]
    nearest = np.inf
    for row in spikes:
        signal = row.astype(float)
        for layer, (linear, lif) in enumerate(zip(order[::2], order[1::2], strict=True)):
            current = linear.weight.astype(float) @ signal + getattr(linear, "bias", 0.0)
            v = potentials[layer]
            if isinstance(lif, nir.IF):
                v = v + dt * lif.r * current
            else:
                v = v + dt / lif.tau * (lif.v_leak - v + lif.r * current)
            scale = np.abs(linear.weight.astype(float)) @ signal + np.abs(v) + lif.v_threshold
            nearest = min(nearest, float(np.min(np.abs(v - lif.v_threshold) / scale)))
            fired = v > lif.v_threshold
            potentials[layer] = np.where(fired, lif.v_reset, v)
            rasters[layer].append(fired)
            signal = fired.astype(float)
    return [np.array(r) for r in rasters], nearest


def run_in_snntorch(graph, spikes):
    torch = pytest.importorskip("torch")
    pytest.importorskip("nirtorch")
    reader = pytest.importorskip("snntorch.import_nir")
    with contextlib.redirect_stdout(io.StringIO()):
        module = reader.import_from_nir(graph)
    seen = {}
    for name, part in module.named_modules():
        if name.startswith("lif_"):
            part.register_forward_hook(
                lambda _, __, out, name=name: seen.setdefault(name, []).append(out.numpy() > 0)
            )
    with torch.no_grad():
        for row in spikes:
            module(torch.tensor(row.astype("f4")))
    return [np.array(seen[name]) for name in sorted(seen)]


def check_equal(found, expected, nearest):
    """All spikes are equal; and no potential came so near that rounding could have decided."""
    assert nearest > NEAR
    assert len(found) == len(expected)
    for mine, theirs in zip(found, expected, strict=True):
        assert theirs.any()
        assert not theirs.all()
        np.testing.assert_array_equal(mine, theirs)


def test_snntorch_fires_as_the_sleep_does(tmp_path):
    net, spikes = network(), input_spikes()
    expected, _ = spikes_of_sleep(net, PARAMETERS, spikes, tmp_path)
    sr.nir.export(net, PARAMETERS, time_step=1e-4, path=tmp_path / "graph.nir")
    graph = nir.read(tmp_path / "graph.nir")
    _, nearest = interpret(graph, spikes, 1e-4)
    check_equal(run_in_snntorch(graph, spikes), expected, nearest)


@pytest.mark.parametrize("dt", [None, 1e-4])
@pytest.mark.parametrize("decay", [0.999, 0.9, 0.0, 1.0])
def test_the_equations_of_nir_give_the_spikes_of_the_sleep(tmp_path, decay, dt):
    net, spikes, parameters = network(), input_spikes(), PARAMETERS.replace(decay=decay)
    if decay == 0:  # one step has to be enough
        parameters = parameters.replace(threshold=[1.0, 0.8, 0.6])
    expected, _ = spikes_of_sleep(net, parameters, spikes, tmp_path)
    graph = sr.nir.export(net, parameters, time_step=dt)
    found, nearest = interpret(graph, spikes, dt or 0.001)
    check_equal(found, expected, nearest)


def test_inhibition_and_output_current(tmp_path):
    net, spikes = network(), input_spikes()
    parameters = PARAMETERS.replace(inhibition=0.4, output_current=0.05)
    expected, _ = spikes_of_sleep(net, parameters, spikes, tmp_path)
    graph = sr.nir.export(net, parameters, time_step=1e-4)
    found, nearest = interpret(graph, spikes, 1e-4)
    check_equal(found, expected, nearest)
    without, _ = interpret(sr.nir.export(net, PARAMETERS), spikes, 0.001)
    assert any((a != b).any() for a, b in zip(without, expected, strict=True))
    check_equal(run_in_snntorch(graph, spikes), expected, nearest)


def test_a_potential_just_at_the_threshold_fires(tmp_path):
    net = sr.Network([np.eye(3)])
    parameters = PARAMETERS.replace(alpha=[1.0], threshold=[1.0])
    spikes = input_spikes(3)
    expected, _ = spikes_of_sleep(net, parameters, spikes, tmp_path)
    np.testing.assert_array_equal(expected[0], spikes)
    graph = sr.nir.export(net, parameters, time_step=1e-4)
    np.testing.assert_array_equal(interpret(graph, spikes, 1e-4)[0][0], spikes)
    np.testing.assert_array_equal(run_in_snntorch(graph, spikes)[0], spikes)


def test_currents_of_biases_have_the_mean_rates_of_a_report(tmp_path):
    """The sleep's own currents follow the rates so far; with time both come together."""
    net, spikes = network(biases=True), input_spikes()
    parameters = PARAMETERS.replace(bias="current")
    with pytest.raises(sr.ParameterError, match="report"):
        sr.nir.export(net, parameters)
    expected, report = spikes_of_sleep(net, parameters, spikes, tmp_path)
    graph = sr.nir.export(net, parameters, report=report)
    np.testing.assert_allclose(
        graph.nodes["linear_2"].bias, 0.7 * report.rates[1] * net.biases[1], rtol=1e-5
    )
    found, _ = interpret(graph, spikes, 0.001)
    without, _ = interpret(sr.nir.export(network(), PARAMETERS), spikes, 0.001)
    for mine, theirs, other in zip(found, expected, without, strict=True):
        assert abs(mine.mean() / theirs.mean() - 1) < 0.03
        assert abs(other.mean() / theirs.mean() - 1) > 0.03


def test_gains_and_thresholds_are_found_as_a_sleep_finds_them(tmp_path):
    net = network()
    X = np.random.default_rng(5).random((30, 40), dtype=np.float32)
    parameters = sr.Parameters(
        steps=100,
        max_rate=200.0,
        patch=0,
        increment=0.01,
        decrement=0.001,
        alpha_scale=1.5,
        target_rate=[0.05, 0.05, 0.05],
    )
    _, report = sr.sleep(net, X, parameters, seed=7)
    by_report = sr.nir.export(net, parameters, report=report)
    by_data = sr.nir.export(net, parameters, X, seed=7)
    for name, node in by_report.nodes.items():
        if name.startswith("linear"):
            layer = int(name[-1]) - 1
            np.testing.assert_array_equal(node.weight, by_data.nodes[name].weight)
            expected = (report.gains[layer] * net.weights[layer].astype("f8")).astype("f4")
            np.testing.assert_array_equal(node.weight, expected)
        if name.startswith("lif"):
            np.testing.assert_array_equal(node.v_threshold, by_data.nodes[name].v_threshold)
            threshold = np.float32(report.thresholds[int(name[-1]) - 1])
            assert (node.v_threshold < threshold).all()
            np.testing.assert_allclose(node.v_threshold, threshold, rtol=2e-6)
            np.testing.assert_allclose(node.tau, 0.001 / (1 - parameters.decay))
            np.testing.assert_allclose(node.r, node.tau / 0.001, rtol=1e-6)
    with pytest.raises(sr.ParameterError, match="alpha"):
        sr.nir.export(net, parameters)


def test_wrong_arguments():
    with pytest.raises(sr.ParameterError, match="2 values for 3 layers"):
        sr.nir.export(network(), PARAMETERS.replace(alpha=[1, 1]))
    with pytest.raises(sr.ParameterError, match="time_step"):
        sr.nir.export(network(), PARAMETERS, time_step=0)

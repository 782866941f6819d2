"""Models in ONNX files: what sleeps in them, and that nothing else changes."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
import warnings

import numpy as np
import pytest

import sleepreplay as sr

onnx = pytest.importorskip("onnx")
runtime = pytest.importorskip("onnxruntime")
from onnx import TensorProto, helper, numpy_helper  # noqa: E402

PARAMETERS = sr.Parameters(
    steps=200,
    max_rate=200.0,
    patch=0,
    decay=0.999,
    increment=0.003,
    decrement=0.001,
    alpha_scale=1.0,
    target_rate=[0.05, 0.05],
)
ONE_LAYER = PARAMETERS.replace(target_rate=[0.05])
THREE_LAYERS = PARAMETERS.replace(target_rate=[0.05, 0.05, 0.05])
TYPES = {"f4": TensorProto.FLOAT, "f8": TensorProto.DOUBLE, "f2": TensorProto.FLOAT16}


def random_layers(*sizes, dtype="f4", seed=5):
    random = np.random.default_rng(seed)
    pairs = list(itertools.pairwise(sizes))
    weights = [random.normal(0, 0.5, (b, a)).astype(dtype) for a, b in pairs]
    biases = [random.normal(0, 0.1, b).astype(dtype) for _, b in pairs]
    return weights, biases


def samples(features=12, count=40, dtype="f4"):
    return np.random.default_rng(9).random((count, features)).astype(dtype)


def tensor(name, array, form="raw"):
    """An initializer, its numbers as raw bytes or as a list."""
    if form == "raw":
        return numpy_helper.from_array(np.ascontiguousarray(array), name)
    return helper.make_tensor(name, TYPES[array.dtype.str[1:]], array.shape, array.ravel())


def write(path, nodes, initializers, inputs=12, outputs=("out",), dtype="f4", opset=13, shape=None):
    shape = shape or ["batch", inputs]
    graph = helper.make_graph(
        nodes,
        "g",
        [helper.make_tensor_value_info("in", TYPES[dtype], shape)],
        [helper.make_empty_tensor_value_info(name) for name in outputs],
        initializers,
    )
    model = helper.make_model(
        graph,
        opset_imports=[helper.make_opsetid("", opset), helper.make_opsetid("ai.onnx.ml", 3)],
        ir_version=8,
    )
    model.doc_string = "what else is there"
    onnx.save_model(model, path)
    return path


def gemm_chain(weights, biases, *, trans=1, form="raw", bias_shape=None, end=()):
    """Nodes Gemm, Relu, Gemm, ... and what stands at the end, as pairs (operation, attributes)."""
    nodes, initializers, tensor_name = [], [], "in"
    for layer, (w, b) in enumerate(zip(weights, biases, strict=True)):
        initializers.append(tensor(f"w{layer}", w if trans else w.T, form))
        initializers.append(tensor(f"b{layer}", b.reshape(bias_shape or b.shape), form))
        made = helper.make_node(
            "Gemm",
            [tensor_name, f"w{layer}", f"b{layer}"],
            [f"z{layer}"],
            f"fc{layer}",
            transB=trans,
        )
        nodes.append(made)
        tensor_name = f"z{layer}"
        if layer + 1 < len(weights):
            nodes.append(helper.make_node("Relu", [tensor_name], [f"a{layer}"], f"relu{layer}"))
            tensor_name = f"a{layer}"
    for number, (operation, attributes) in enumerate(end):
        nodes.append(
            helper.make_node(operation, [tensor_name], [f"e{number}"], f"end{number}", **attributes)
        )
        tensor_name = f"e{number}"
    nodes[-1].output[0] = "out"
    return nodes, initializers


def matmul_chain(weights, biases, *, bias_first=False):
    nodes, initializers, name = [], [], "in"
    for layer, (w, b) in enumerate(zip(weights, biases, strict=True)):
        initializers += [tensor(f"w{layer}", w.T), tensor(f"b{layer}", b)]
        nodes.append(helper.make_node("MatMul", [name, f"w{layer}"], [f"m{layer}"], f"mm{layer}"))
        pair = [f"m{layer}", f"b{layer}"]
        nodes.append(helper.make_node("Add", pair[::-1] if bias_first else pair, [f"z{layer}"]))
        name = f"z{layer}"
        if layer + 1 < len(weights):
            nodes.append(helper.make_node("Relu", [name], [f"a{layer}"]))
            name = f"a{layer}"
    nodes[-1].output[0] = "out"
    return nodes, initializers


def run(path, X, output=None):
    session = runtime.InferenceSession(os.fspath(path), providers=["CPUExecutionProvider"])
    return session.run(None if output is None else [output], {session.get_inputs()[0].name: X})[0]


def array_of(path, name):
    return next(
        numpy_helper.to_array(t) for t in onnx.load(path).graph.initializer if t.name == name
    )


def same_but(path, other, names):
    """Whether two files are equal but for the numbers of these initializers, found as bytes."""
    contents = [bytearray(p.read_bytes()) for p in (path, other)]
    for content, file in zip(contents, (path, other), strict=True):
        for name in names:
            raw = array_of(file, name).tobytes()
            assert bytes(content).count(raw) == 1
            at = bytes(content).find(raw)
            content[at : at + len(raw)] = bytes(len(raw))
    return contents[0] == contents[1]


FORMS = {
    "gemm": lambda w, b: gemm_chain(w, b),
    "gemm, in x out": lambda w, b: gemm_chain(w, b, trans=0),
    "gemm, lists of numbers": lambda w, b: gemm_chain(w, b, form="list"),
    "matmul and add": lambda w, b: matmul_chain(w, b),
    "add of the bias first": lambda w, b: matmul_chain(w, b, bias_first=True),
    "double": lambda w, b: gemm_chain([x.astype("f8") for x in w], [x.astype("f8") for x in b]),
    "double, lists of numbers": lambda w, b: gemm_chain(
        [x.astype("f8") for x in w], [x.astype("f8") for x in b], form="list"
    ),
    "half": lambda w, b: gemm_chain([x.astype("f2") for x in w], [x.astype("f2") for x in b]),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_model_sleeps_as_its_network_does(tmp_path, form):
    dtype = "f8" if "double" in form else "f2" if "half" in form else "f4"
    nodes, initializers = FORMS[form](*random_layers(12, 16, 5))
    source, target = tmp_path / "a.onnx", tmp_path / "b.onnx"
    write(source, nodes, initializers, dtype=dtype)
    X = samples(dtype=dtype)
    tail = sr.onnx.load(source)
    assert tail.network.sizes == [12, 16, 5]
    assert tail.network.output == "softmax"
    assert tail.whole
    tolerance = 2e-2 if dtype == "f2" else 1e-5
    np.testing.assert_allclose(run(source, X), tail.network.predict(X), atol=tolerance)

    report = sr.onnx.sleep(source, target, X, PARAMETERS, seed=3)
    slept, expected = sr.sleep(tail.network, X, PARAMETERS, seed=3)
    assert not slept.same_weights(tail.network)
    after = sr.onnx.load(target).network
    if dtype == "f2":
        for mine, theirs in zip(after.weights, slept.weights, strict=True):
            np.testing.assert_array_equal(mine, theirs.astype("f2").astype("f4"))
    else:
        assert after.same_weights(slept)
    np.testing.assert_allclose(run(target, X), slept.predict(X), atol=tolerance)
    np.testing.assert_array_equal(report.rates, expected.rates)
    if "lists" not in form:
        assert same_but(source, target, ["w0", "w1"])
    assert source.stat().st_size == target.stat().st_size
    np.testing.assert_array_equal(array_of(source, "b0"), array_of(target, "b0"))


def test_numbers_that_did_not_change_keep_all_their_digits(tmp_path):
    weights, biases = random_layers(12, 16, 5, dtype="f8")
    source, target = tmp_path / "a.onnx", tmp_path / "b.onnx"
    write(source, *gemm_chain(weights, biases), dtype="f8")
    network = sr.onnx.load(source).network
    changed = [np.array(w) for w in network.weights]
    changed[0][2, 3] = 7
    sr.onnx.save(source, target, sr.Network(changed, network.biases))
    weights[0][2, 3] = 7
    np.testing.assert_array_equal(array_of(target, "w0"), weights[0])
    np.testing.assert_array_equal(array_of(target, "b1"), biases[1])


@pytest.mark.parametrize(
    ("end", "units", "kind"),
    [
        ((("Softmax", {"axis": 1}),), 5, "softmax"),
        ((("LogSoftmax", {"axis": -1}),), 5, "softmax"),
        ((("Softmax", {}), ("ArgMax", {"axis": 1})), 5, "softmax"),
        ((("Dropout", {}), ("Identity", {})), 5, "softmax"),
        ((("Relu", {}),), 5, "relu"),
        ((("Sigmoid", {}),), 1, "sigmoid"),
    ],
)
def test_output_units(tmp_path, end, units, kind):
    source, target = tmp_path / "a.onnx", tmp_path / "b.onnx"
    weights, biases = random_layers(12, 16, units)
    weights[-1] += 0.3
    write(source, *gemm_chain(weights, biases, end=end))
    X = samples()
    network = sr.onnx.load(source).network
    assert network.output == kind
    sr.onnx.sleep(source, target, X, PARAMETERS, seed=3)
    slept, _ = sr.sleep(network, X, PARAMETERS, seed=3)
    assert not slept.same_weights(network)
    answers, logits = run(target, X), slept.predict(X)
    if kind == "sigmoid":
        np.testing.assert_allclose(answers[:, 0], 1 / (1 + np.exp(-logits[:, 1])), atol=1e-5)
    elif answers.ndim == 2 and answers.shape[1] == units:
        np.testing.assert_array_equal(answers.argmax(1), logits.argmax(1))
    else:
        np.testing.assert_array_equal(answers.ravel(), logits.argmax(1))


def test_several_outputs_of_one_head(tmp_path):
    """As converters of scikit-learn write them: probabilities and labels."""
    nodes, initializers = matmul_chain(*random_layers(12, 16, 5))
    nodes[-1].output[0] = "logits"
    nodes += [
        helper.make_node("Softmax", ["logits"], ["probabilities"]),
        helper.make_node("ArgMax", ["probabilities"], ["number"], axis=1),
        helper.make_node(
            "ArrayFeatureExtractor", ["classes", "number"], ["taken"], domain="ai.onnx.ml"
        ),
        helper.make_node("Cast", ["taken"], ["label"], to=TensorProto.INT64),
    ]
    initializers.append(tensor("classes", np.arange(5, dtype="f4")))
    path = tmp_path / "a.onnx"
    # The label comes from another tensor than the data of the extractor: the numbers are.
    write(path, nodes, initializers, outputs=("probabilities", "label", "a0"))
    tail = sr.onnx.load(path)
    assert tail.network.sizes == [12, 16, 5]
    assert tail.layers == ["mm0", "mm1"]


@pytest.mark.parametrize("batch", ["batch", 1, 16])
def test_what_is_before_the_tail_is_run(tmp_path, batch):
    """The tail's input is computed, whatever number of samples the model takes at once."""
    weights, biases = random_layers(12, 16, 5)
    nodes, initializers = gemm_chain(weights, biases)
    nodes[0].input[0] = "squeezed"
    nodes.insert(0, helper.make_node("Tanh", ["in"], ["squeezed"], "before"))
    source, target = tmp_path / "a.onnx", tmp_path / "b.onnx"
    write(source, nodes, initializers, shape=[batch, 12])
    X = samples()
    tail = sr.onnx.load(source)
    assert not tail.whole
    assert tail.input == "squeezed"
    np.testing.assert_allclose(sr.onnx.inputs(source, X), np.tanh(X), atol=1e-6)
    report = sr.onnx.sleep(source, target, X, PARAMETERS)
    assert "Tanh node 'before'" in report.note
    slept, _ = sr.sleep(tail.network, sr.onnx.inputs(source, X), PARAMETERS)
    assert sr.onnx.load(target).network.same_weights(slept)
    assert not slept.same_weights(tail.network)
    with pytest.raises(sr.ParameterError, match="normalization"):
        sr.onnx.sleep(source, target, X, PARAMETERS, normalization=(0.0, 1.0))


def test_a_convolutional_network_of_pytorch(tmp_path):
    torch = pytest.importorskip("torch")
    torch.manual_seed(1)
    model = torch.nn.Sequential(
        torch.nn.Conv2d(1, 2, 3),
        torch.nn.ReLU(),
        torch.nn.Flatten(),
        torch.nn.Linear(72, 16),
        torch.nn.ReLU(),
        torch.nn.Dropout(0.2),
        torch.nn.Linear(16, 4),
    ).eval()
    source, target = tmp_path / "a.onnx", tmp_path / "b.onnx"
    X = torch.rand(50, 1, 8, 8)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            model,
            (X[:1],),
            source,
            dynamo=False,
            input_names=["image"],
            dynamic_axes={"image": {0: "batch"}},
        )
    tail = sr.onnx.load(source)
    assert tail.network.sizes == [72, 16, 4]
    np.testing.assert_allclose(
        run(source, X.numpy()), tail.network.predict(sr.onnx.inputs(source, X)), atol=1e-5
    )
    sr.onnx.sleep(source, target, X, PARAMETERS, seed=4)
    slept, _ = sr.sleep(tail.network, sr.onnx.inputs(source, X), PARAMETERS, seed=4)
    assert not slept.same_weights(tail.network)
    assert sr.onnx.load(target).network.same_weights(slept)
    with torch.no_grad():
        model[3].weight.copy_(torch.tensor(np.array(slept.weights[0])))
        model[6].weight.copy_(torch.tensor(np.array(slept.weights[1])))
        np.testing.assert_allclose(run(target, X.numpy()), model(X).numpy(), atol=1e-5)
    assert same_but(source, target, ["3.weight", "6.weight"])


def test_images_go_into_the_tail_directly(tmp_path):
    """Flattening alone does not need onnxruntime, and the noise still knows rows and columns."""
    nodes, initializers = gemm_chain(*random_layers(36, 16, 5))
    nodes[0].input[0] = "flat"
    nodes.insert(0, helper.make_node("Flatten", ["in"], ["flat"]))
    source, target = tmp_path / "a.onnx", tmp_path / "b.onnx"
    write(source, nodes, initializers, shape=["batch", 3, 4, 3])
    X = np.random.default_rng(2).random((30, 3, 4, 3), dtype=np.float32)
    parameters = PARAMETERS.replace(patch=3)
    sr.onnx.sleep(source, target, X, parameters)
    slept, _ = sr.sleep(sr.onnx.load(source).network, X, parameters, layout="first")
    assert sr.onnx.load(target).network.same_weights(slept)
    assert run(target, X).shape == (30, 5)


def test_waking(tmp_path):
    source, target = tmp_path / "a.onnx", tmp_path / "b.onnx"
    write(source, *gemm_chain(*random_layers(12, 16, 5)))
    X, network = samples(), sr.onnx.load(source).network
    y = network.predict(X).argmax(1)
    sr.onnx.sleep(source, target, X, PARAMETERS, y=y)
    awake, factor = sr.wake(sr.sleep(network, X, PARAMETERS)[0], X, y)
    assert abs(factor - 1) > 1e-3
    assert sr.onnx.load(target).network.same_weights(awake)
    assert same_but(source, target, ["w0", "b0", "w1", "b1"])


def test_every_other_byte_stays_whatever_wrote_the_file(tmp_path):
    """Fields in another order, and fields that onnx does not know, which protobuf would move."""
    source, target = tmp_path / "a.onnx", tmp_path / "b.onnx"
    write(source, *gemm_chain(*random_layers(12, 16, 5)))
    content = source.read_bytes()
    model = onnx.load(source)
    graph = model.graph.SerializeToString()
    size = len(graph)
    head = bytes([0x3A]) + bytes([size & 0x7F | 0x80, size >> 7]) + graph
    assert head in content
    unknown = b"\xc2\x3e\x05hello"  # field 1000
    source.write_bytes(head + unknown + content.replace(head, b""))
    assert onnx.load(source).SerializeToString() != source.read_bytes()
    sr.onnx.sleep(source, target, samples(), PARAMETERS)
    assert same_but(source, target, ["w0", "w1"])
    assert source.read_bytes() != target.read_bytes()


def test_source_and_target_may_be_the_same_file(tmp_path):
    path, other = tmp_path / "a.onnx", tmp_path / "b.onnx"
    write(path, *gemm_chain(*random_layers(12, 16, 5)))
    sr.onnx.sleep(path, other, samples(), PARAMETERS)
    sr.onnx.sleep(path, path, samples(), PARAMETERS)
    assert path.read_bytes() == other.read_bytes()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.onnx", "b.onnx"]


def test_a_sleep_that_is_stopped_leaves_all_as_it_was(tmp_path):
    path = tmp_path / "a.onnx"
    write(path, *gemm_chain(*random_layers(12, 16, 5)))
    before = path.read_bytes()
    long = PARAMETERS.replace(steps=10**8)
    with pytest.raises(sr.Stopped):
        sr.onnx.sleep(path, path, samples(), long, progress=lambda part, note: False)
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["a.onnx"]


def test_weights_in_a_file_beside_the_model(tmp_path):
    plain, source = tmp_path / "plain.onnx", tmp_path / "source" / "a.onnx"
    source.parent.mkdir()
    write(plain, *gemm_chain(*random_layers(12, 16, 5)))
    onnx.save_model(
        onnx.load(plain), source, save_as_external_data=True, location="a.data", size_threshold=0
    )
    X = samples()
    with pytest.raises(sr.FileError, match=r"a\.data.*another folder"):
        sr.onnx.sleep(source, source.parent / "b.onnx", X, PARAMETERS)
    target = tmp_path / "target" / "b.onnx"
    data = source.with_name("a.data").read_bytes()
    sr.onnx.sleep(source, target, X, PARAMETERS)
    slept, _ = sr.sleep(sr.onnx.load(plain).network, X, PARAMETERS)
    assert sr.onnx.load(target).network.same_weights(slept)
    assert target.read_bytes() == source.read_bytes()
    assert source.with_name("a.data").read_bytes() == data
    np.testing.assert_allclose(run(target, X), slept.predict(X), atol=1e-5)
    sr.onnx.sleep(source, source, X, PARAMETERS)
    assert sr.onnx.load(source).network.same_weights(slept)
    assert sorted(p.name for p in source.parent.iterdir()) == ["a.data", "a.onnx"]


def changed_chain(change):
    """A chain of two layers of Gemm, changed by a function of its nodes and initializers."""

    def build(path):
        nodes, initializers = gemm_chain(*random_layers(12, 12, 5))
        nodes, initializers = change(nodes, initializers) or (nodes, initializers)
        return write(path, nodes, initializers)

    return build


def attribute(name, value):
    def change(nodes, _):
        nodes[-1].attribute.append(helper.make_attribute(name, value))

    return changed_chain(change)


def share(nodes, initializers):
    square = np.random.default_rng(1).normal(size=(12, 12)).astype("f4")
    nodes[0].input[1] = nodes[2].input[1] = "w"
    nodes[2].input[2] = "b0"
    return nodes, [tensor("w", square), *[t for t in initializers if t.name == "b0"]]


def constant(nodes, initializers):
    weights = next(t for t in initializers if t.name == "w1")
    made = helper.make_node("Constant", [], ["w1"], "fixed", value=weights)
    return [made, *nodes], [t for t in initializers if t.name != "w1"]


def ending(operation, **attributes):
    return lambda path: write(
        path, *gemm_chain(*random_layers(12, 16, 5), end=[(operation, attributes)])
    )


def bfloat(nodes, initializers):
    kept = [t for t in initializers if t.name != "w1"]
    raw = bytes(2 * 12 * 5)
    return nodes, [*kept, helper.make_tensor("w1", TensorProto.BFLOAT16, [5, 12], raw, raw=True)]


def too_short(_, initializers):
    weights = next(t for t in initializers if t.name == "w1")
    weights.raw_data = weights.raw_data[:-4]


def half_as_integers(path):
    weights, biases = random_layers(12, 16, 5, dtype="f2")
    return write(path, *gemm_chain(weights, biases, form="list"), dtype="f2")


def two_heads(path):
    nodes, initializers = gemm_chain(*random_layers(12, 16, 5))
    nodes.append(helper.make_node("Gemm", ["a0", "w2"], ["other"], "second", transB=1))
    initializers.append(tensor("w2", np.ones((3, 16), "f4")))
    return write(path, nodes, initializers, outputs=("out", "other"))


def beside(path):
    nodes, initializers = gemm_chain(*random_layers(12, 16, 5))
    nodes.append(helper.make_node("Tanh", ["a0"], ["side"], "beside"))
    nodes.append(helper.make_node("Sigmoid", ["side"], ["unused"], "unused"))
    return write(path, nodes, initializers)


REFUSED = {
    "alpha": (attribute("alpha", 0.5), "Gemm node 'fc1' has alpha = 0.5"),
    "beta": (attribute("beta", 2.0), "Gemm node 'fc1' has beta = 2"),
    "transposed input": (attribute("transA", 1), "Gemm node 'fc1' transposes"),
    "shared": (
        changed_chain(share),
        "initializer 'w' is shared by Gemm node 'fc0' and Gemm node 'fc1'",
    ),
    "constant": (
        changed_chain(constant),
        "Gemm node 'fc1' takes its weights from Constant node 'fixed'",
    ),
    "type": (changed_chain(bfloat), "'w1' of Gemm node 'fc1' holds BFLOAT16"),
    "too short": (changed_chain(too_short), "'w1' has not the number of values"),
    "half as integers": (half_as_integers, "'w1' keeps numbers of half precision as int32_data"),
    "end": (ending("Tanh"), "ends with Tanh node 'end0'"),
    "softmax over samples": (ending("Softmax", axis=0), "Softmax node 'end0' is not over"),
    "labels": (ending("Sigmoid"), "Gemm node 'fc1' has 5 units that a Sigmoid follows"),
    "regression": (
        lambda path: write(path, *gemm_chain(*random_layers(12, 16, 1))),
        "Gemm node 'fc1' has one unit and no Sigmoid",
    ),
    "relu, softmax": (
        lambda path: write(
            path, *gemm_chain(*random_layers(12, 16, 5), end=[("Relu", {}), ("Softmax", {})])
        ),
        "Softmax node 'end1' follows Relu node 'end0'",
    ),
    "two heads": (two_heads, "outputs 'out', 'other' come from different layers"),
    "branch": (beside, "'a0' goes to Gemm node 'fc1' and to Tanh node 'beside'"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_sleep_is_refused_by_name(tmp_path, case):
    build, message = REFUSED[case]
    path = build(tmp_path / "a.onnx")
    before = path.read_bytes()
    with pytest.raises((sr.ModelError, sr.FileError)) as refused:
        sr.onnx.sleep(path, path, samples(), PARAMETERS)
    assert message in str(refused.value)
    assert path.read_bytes() == before


def test_files_that_are_not_models(tmp_path):
    with pytest.raises(sr.MissingFileError, match="nowhere"):
        sr.onnx.load(tmp_path / "nowhere.onnx")
    for content in (b"", b"not a model", os.urandom(100)):
        (tmp_path / "a.onnx").write_bytes(content)
        with pytest.raises(sr.FileError, match="not an ONNX model"):
            sr.onnx.load(tmp_path / "a.onnx")


def test_damaged_files_are_refused_or_read(tmp_path):
    path = write(tmp_path / "a.onnx", *gemm_chain(*random_layers(12, 8, 3), end=[("Softmax", {})]))
    content, random = path.read_bytes(), np.random.default_rng(1)
    refused = 0
    for trial in range(300):
        damaged = bytearray(content)
        for at in random.integers(300, size=3):
            damaged[at] = random.integers(256)
        path.write_bytes(damaged[: random.integers(len(content))] if trial % 4 == 0 else damaged)
        try:
            sr.onnx.load(path)
        except sr.Error:
            refused += 1
    assert refused > 100


def test_a_network_of_other_shapes_is_not_saved(tmp_path):
    path = write(tmp_path / "a.onnx", *gemm_chain(*random_layers(12, 16, 5)))
    weights, biases = random_layers(12, 17, 5)
    with pytest.raises(sr.InputError, match="17"):
        sr.onnx.save(path, path, sr.Network(weights, biases))


def test_the_longest_tail(tmp_path):
    """A layer with another activation below ends the tail; one without ReLU between does too."""
    nodes, initializers = gemm_chain(*random_layers(12, 16, 14, 5))
    nodes[1].op_type = "Tanh"
    path = write(tmp_path / "a.onnx", nodes, initializers)
    assert sr.onnx.load(path).layers == ["fc1", "fc2"]
    path = write(tmp_path / "b.onnx", *gemm_chain(*random_layers(12, 16, 14, 5)))
    assert sr.onnx.load(path).layers == ["fc0", "fc1", "fc2"]
    sr.onnx.sleep(path, path, samples(), THREE_LAYERS)
    nodes, initializers = gemm_chain(*random_layers(12, 16, 5))
    nodes[2].input[0] = "z0"
    del nodes[1]
    path = write(tmp_path / "c.onnx", nodes, initializers)
    assert sr.onnx.load(path).layers == ["fc1"]
    sr.onnx.sleep(path, path, np.abs(samples()), ONE_LAYER)


@pytest.mark.parametrize("training", [False, True])
def test_dropout_between_layers(tmp_path, training):
    nodes, initializers = gemm_chain(*random_layers(12, 16, 5))
    nodes[2].input[0] = "dropped"
    nodes.insert(2, helper.make_node("Dropout", ["a0", "part", "training"], ["dropped"], "drop"))
    initializers.append(helper.make_tensor("part", TensorProto.FLOAT, [], [0.5]))
    initializers.append(helper.make_tensor("training", TensorProto.BOOL, [], [training]))
    path = write(tmp_path / "a.onnx", nodes, initializers)
    tail = sr.onnx.load(path)
    if training:
        assert tail.layers == ["fc1"]
    else:
        assert tail.layers == ["fc0", "fc1"]
        np.testing.assert_allclose(run(path, samples()), tail.network.predict(samples()), atol=1e-5)


def test_without_onnxruntime(tmp_path, monkeypatch):
    """It is needed only where there is something before the tail."""
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    nodes, initializers = gemm_chain(*random_layers(12, 16, 5))
    path = write(tmp_path / "a.onnx", nodes, initializers)
    sr.onnx.sleep(path, path, samples(), PARAMETERS)
    nodes[1].op_type = "Tanh"
    path = write(tmp_path / "b.onnx", nodes, initializers)
    with pytest.raises(ImportError, match="pip install onnxruntime"):
        sr.onnx.sleep(path, path, samples(), ONE_LAYER)


def test_what_is_imported():
    code = (
        "import sys, sleepreplay as sr; "
        "assert not {'onnx', 'nir', 'scipy', 'torch', 'sklearn'} & set(sys.modules); "
        "sr.onnx; assert 'onnx' in sys.modules; assert 'onnxruntime' not in sys.modules"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    subprocess.run([sys.executable, "-c", code], check=True, env=environment, timeout=60)


def test_a_graph_with_a_cycle_is_refused(tmp_path):
    nodes = [
        helper.make_node("Relu", ["b"], ["a"], name="first"),
        helper.make_node("Identity", ["a"], ["b"], name="second"),
        helper.make_node("Identity", ["out"], ["out"], name="own"),
    ]
    write(tmp_path / "a.onnx", nodes, [])
    with pytest.raises(sr.ModelError, match="first"):
        sr.onnx.load(tmp_path / "a.onnx")
    write(tmp_path / "a.onnx", nodes[2:], [])
    with pytest.raises(sr.ModelError, match="own"):
        sr.onnx.load(tmp_path / "a.onnx")

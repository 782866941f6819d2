"""Networks in MATLAB files, as DeepLearnToolbox and the released code keep them."""

from __future__ import annotations

import itertools
import shutil
import subprocess

import numpy as np
import pytest

import sleepreplay as sr

matlab_files = pytest.importorskip("scipy.io")

SIZES = (6, 8, 7, 3)


def arrays(sizes=SIZES, seed=2):
    random = np.random.default_rng(seed)
    pairs = list(itertools.pairwise(sizes))
    return (
        [random.normal(size=(b, a)).astype("f4") for a, b in pairs],
        [random.normal(size=b).astype("f4") for _, b in pairs],
    )


def cell(matrices, rows=1):
    made = np.empty(len(matrices), dtype=object)
    for index, matrix in enumerate(matrices):
        made[index] = matrix
    return made.reshape((rows, -1) if rows == 1 else (-1, 1))


def structure(matrices, **fields):
    return {"W": cell(matrices), "activation_function": "relu", "output": "relu", **fields}


def with_bias(weights, biases):
    return [np.column_stack([b, w]).astype("f8") for w, b in zip(weights, biases, strict=True)]


def write(tmp_path, **variables):
    path = tmp_path / "file.mat"
    matlab_files.savemat(path, variables)
    return path


@pytest.mark.parametrize("output", ["softmax", "relu", "sigmoid"])
@pytest.mark.parametrize("biases", [False, True])
@pytest.mark.parametrize("depth", [1, 3])
def test_there_and_back(tmp_path, depth, biases, output):
    sizes = SIZES[: depth + 1] if output != "sigmoid" else (*SIZES[:depth], 1)
    weights, vectors = arrays(sizes)
    network = sr.Network(
        weights, vectors if biases else None, output=output, dropout=0.2, dropout_form="classical"
    )
    path = tmp_path / "network"
    network.to_mat(path, name="net")
    back = sr.Network.from_mat(path)
    assert [p.name for p in tmp_path.iterdir()] == ["network"]
    assert back.same_weights(network)
    assert back.output == output
    assert back.dropout == network.dropout
    assert back.dropout_form == "classical"
    X = np.random.default_rng(3).random((9, sizes[0]), dtype=np.float32)
    np.testing.assert_array_equal(back.predict(X), network.predict(X))


def test_what_is_written(tmp_path):
    weights, biases = arrays()
    sr.Network(weights, biases, dropout=0.2, dropout_form="classical").to_mat(tmp_path / "a.mat")
    nn = matlab_files.loadmat(tmp_path / "a.mat")["nn"][0, 0]
    assert nn["W"].shape == (1, 3)
    for found, expected in zip(nn["W"].ravel(), with_bias(weights, biases), strict=True):
        assert found.dtype == np.float64
        np.testing.assert_array_equal(found, expected)
    np.testing.assert_array_equal(nn["size"], [SIZES])
    assert nn["n"] == 4
    assert nn["dropoutFraction"] == 0.2
    assert nn["activation_function"] == "relu"
    assert nn["output"] == "softmax"
    sr.Network(weights, dropout=0.2).to_mat(tmp_path / "b.mat")
    nn = matlab_files.loadmat(tmp_path / "b.mat")["nn"][0, 0]
    assert [w.shape for w in nn["W"].ravel()] == [w.shape for w in weights]
    assert nn["dropoutFraction"] == 0  # inverted dropout changes nothing outside of training


@pytest.mark.parametrize("kind", ["f4", "f8"])
def test_a_file_of_the_toolbox_with_bias_columns(tmp_path, kind):
    weights, biases = arrays()
    matrices = [m.astype(kind) for m in with_bias(weights, biases)]
    path = write(
        tmp_path,
        nn=structure(matrices, size=np.array([SIZES], "f8"), dropoutFraction=0.25),
        opts={"numepochs": 1},
        x=np.ones((3, 3)),
    )
    network = sr.Network.from_mat(path)
    X = np.random.default_rng(3).random((9, SIZES[0]), dtype=np.float32)
    a = X.astype("f8")
    for layer, matrix in enumerate(matrices):
        a = np.maximum(0, np.column_stack([np.ones(len(a)), a]) @ matrix.T)
        if layer + 1 < len(matrices):
            a *= 0.75
    assert a.any()
    np.testing.assert_allclose(network.predict(X), a, atol=1e-5)
    assert network.dropout == 0.25


def test_a_file_of_the_released_variant(tmp_path):
    weights, _ = arrays()
    path = write(tmp_path, nn=structure(weights, size=np.array([SIZES], "f8")))
    network = sr.Network.from_mat(path)
    assert network.same_weights(sr.Network(weights))
    assert network.output == "relu"


@pytest.mark.parametrize("rows", [1, 3])
def test_a_cell_of_matrices(tmp_path, rows):
    weights, biases = arrays()
    path = write(tmp_path, W=cell(weights, rows))
    with pytest.raises(sr.FileError, match="output"):
        sr.Network.from_mat(path)
    network = sr.Network.from_mat(path, output="softmax")
    assert network.same_weights(sr.Network(weights))
    assert network.output == "softmax"
    path = write(tmp_path, W=cell(with_bias(weights, biases), rows))
    assert sr.Network.from_mat(path, output="relu").same_weights(sr.Network(weights, biases))


def test_output_units(tmp_path):
    weights, _ = arrays()
    path = write(tmp_path, nn=structure(weights, output="linear"))
    network = sr.Network.from_mat(path)
    assert network.output == "softmax"
    X = np.random.default_rng(3).random((9, SIZES[0]), dtype=np.float32)
    hidden = np.maximum(0, np.maximum(0, X @ weights[0].T) @ weights[1].T)
    np.testing.assert_allclose(network.predict(X), hidden @ weights[2].T, rtol=1e-4, atol=1e-5)
    path = write(tmp_path, nn=structure(weights, output="sigm"))
    with pytest.raises(sr.ModelError, match="'sigm' with 3 units"):
        sr.Network.from_mat(path)
    assert sr.Network.from_mat(path, output="softmax").output == "softmax"


def test_one_layer_is_decided_by_the_sizes(tmp_path):
    weights, biases = arrays((5, 3))
    path = write(tmp_path, nn=structure(weights))
    with pytest.raises(sr.FileError, match=r"3x5.*two ways"):
        sr.Network.from_mat(path)
    path = write(tmp_path, nn=structure(weights, size=[5, 3]))
    assert sr.Network.from_mat(path).same_weights(sr.Network(weights))
    path = write(tmp_path, nn=structure(with_bias(weights, biases), size=[5, 3]))
    assert sr.Network.from_mat(path).same_weights(sr.Network(weights, biases))


@pytest.mark.parametrize("activation", ["sigm", "tanh_opt"])
def test_other_hidden_units_are_refused_by_name(tmp_path, activation):
    path = write(tmp_path, nn=structure(arrays()[0], activation_function=activation))
    with pytest.raises(sr.ModelError, match=activation):
        sr.Network.from_mat(path)


def mixed(tmp_path):
    weights, biases = arrays()
    return write(tmp_path, nn=structure([weights[0], *with_bias(weights, biases)[1:]], size=SIZES))


REFUSED = {
    "shapes": (mixed, "8x6 7x9 3x8 and size [6, 8, 7, 3]: a chain neither as"),
    "sizes": (
        lambda path: write(path, nn=structure(arrays()[0], size=[5, 8, 7, 3])),
        "8x6 7x8 3x7 and size [5, 8, 7, 3]: a chain neither",
    ),
    "two networks": (
        lambda path: write(path, nn=structure(arrays()[0]), W=cell(arrays()[0])),
        "several networks: nn, W",
    ),
    "none": (lambda path: write(path, x=np.ones((2, 2))), "has no network"),
    "output": (
        lambda path: write(path, nn=structure(arrays()[0], output="distillation")),
        "'distillation'",
    ),
    "biases apart": (
        lambda path: write(
            path, nn=structure(arrays()[0], b=cell([np.ones((1, 8)), np.ones((1, 7))]))
        ),
        "biases in a field b",
    ),
    "dropout": (
        lambda path: write(path, nn=structure(arrays()[0], dropoutFraction=1.5)),
        "dropoutFraction",
    ),
    "not a cell": (lambda path: write(path, nn=structure(arrays()[0], W=np.eye(3))), "not a cell"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_read_is_refused(tmp_path, case):
    build, message = REFUSED[case]
    path = build(tmp_path)
    with pytest.raises((sr.FileError, sr.ModelError)) as refused:
        sr.Network.from_mat(path)
    assert message in str(refused.value)


def test_names(tmp_path):
    weights, other = arrays()[0], arrays(seed=7)[0]
    path = write(tmp_path, nn=structure(weights), before=structure(other), x=np.ones((2, 2)))
    assert sr.Network.from_mat(path, name="before").same_weights(sr.Network(other))
    assert sr.Network.from_mat(path, name="nn").same_weights(sr.Network(weights))
    with pytest.raises(sr.FileError, match="'x' is not a network"):
        sr.Network.from_mat(path, name="x")
    with pytest.raises(sr.FileError, match=r"'y' is not there.*nn, before"):
        sr.Network.from_mat(path, name="y")
    with pytest.raises(sr.InputError, match="my net"):
        sr.Network(weights).to_mat(tmp_path / "a.mat", name="my net")


def test_files_that_are_not_of_matlab(tmp_path):
    with pytest.raises(sr.MissingFileError, match="nowhere"):
        sr.Network.from_mat(tmp_path / "nowhere.mat")
    path = tmp_path / "a.mat"
    for content in (b"", b"not a file of MATLAB" * 20):
        path.write_bytes(content)
        with pytest.raises(sr.FileError, match="not a file of MATLAB"):
            sr.Network.from_mat(path)
    header = b"MATLAB 7.3 MAT-file".ljust(124) + b"\x00\x02IM"
    path.write_bytes(header + bytes(400))
    with pytest.raises(sr.FileError, match="-v7"):
        sr.Network.from_mat(path)


@pytest.mark.skipif(shutil.which("octave-cli") is None, reason="needs octave")
@pytest.mark.parametrize("biases", [False, True])
def test_octave_reads_and_writes_it(tmp_path, biases):
    weights, vectors = arrays()
    network = sr.Network(
        weights, vectors if biases else None, dropout=0.5, dropout_form="classical"
    )
    network.to_mat(tmp_path / "a.mat")
    X = np.random.default_rng(3).random((9, SIZES[0]), dtype=np.float32)
    matlab_files.savemat(tmp_path / "x.mat", {"x": X.astype("f8")})
    script = f"""
        cd('{tmp_path}');
        load('a.mat');
        load('x.mat');
        a = x;
        for l = 1:nn.n - 1
          if columns(nn.W{{l}}) > nn.size(l)
            a = [ones(rows(a), 1) a];
          end
          a = a * nn.W{{l}}';
          if l < nn.n - 1
            a = max(0, a) * (1 - nn.dropoutFraction);
          end
        end
        nn.W{{1}} = 2 * nn.W{{1}};
        save('-v7', 'b.mat', 'nn');
        save('-v7', 'y.mat', 'a');
    """
    subprocess.run(["octave-cli", "--quiet", "--eval", script], check=True, timeout=60)
    answers = matlab_files.loadmat(tmp_path / "y.mat")["a"]
    np.testing.assert_allclose(network.predict(X), answers, rtol=1e-5, atol=1e-5)
    back = sr.Network.from_mat(tmp_path / "b.mat")
    doubled = sr.Network(
        [2 * weights[0], *weights[1:]], [2 * vectors[0], *vectors[1:]] if biases else None
    )
    assert back.same_weights(doubled)

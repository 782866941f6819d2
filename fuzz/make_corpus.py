#!/usr/bin/env python3
"""Writes the corpus of the fuzz targets: small files of each kind, whole ones and broken ones.

usage: HYPNOS=build/release/hypnos fuzz/make_corpus.py
"""

import gzip
import json
import os
import pathlib
import sqlite3
import struct
import subprocess
import tempfile

import numpy

CORPUS = pathlib.Path(__file__).parent / "corpus"
SPIKE = [("step", "<u8"), ("layer", "<u4"), ("unit", "<u4")]


def put(target, name, content):
    path = CORPUS / target / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())


def idx(array, kind):
    shape = b"".join(size.to_bytes(4, "big") for size in array.shape)
    return bytes([0, 0, kind, array.ndim]) + shape + array.tobytes()


def npy(array, folder):
    path = folder / "array.npy"
    numpy.save(path, array)
    return path.read_bytes()


def safetensors(arrays, metadata=None):
    header, data = {}, b""
    if metadata:
        header["__metadata__"] = metadata
    for name, array in arrays.items():
        content = array.tobytes()
        header[name] = {"dtype": {"f4": "F32", "f2": "F16"}[array.dtype.str[1:]],
                        "shape": list(array.shape), "data_offsets": [len(data), len(data) + len(content)]}
        data += content
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data


def arrays(folder):
    numbers = numpy.arange(24)
    for kind, dtype in ((8, "u1"), (9, "i1"), (0xB, ">i2"), (0xC, ">i4"), (0xD, ">f4"), (0xE, ">f8")):
        put("idx", f"type{kind}", idx(numbers.reshape(2, 3, 4).astype(dtype), kind))
    put("idx", "labels", idx(numpy.array([0, 1, 2, 1], "u1"), 8))
    put("idx", "huge", bytes([0, 0, 8, 3]) + b"\xff" * 12)
    for dtype in ("u1", "i8", "f2", "f4", ">f8", "?"):
        put("npy", f"type-{dtype.strip('>?') or 'bool'}", npy(numbers.reshape(4, 6).astype(dtype), folder))
    put("npy", "fortran", npy(numpy.asfortranarray(numbers.reshape(4, 6).astype("f4")), folder))
    images, labels = numbers.reshape(2, 3, 4).astype("u1"), numpy.array([[0], [1]], "u1")
    halves = {"train_images": images, "train_labels": labels, "test_images": images, "test_labels": labels}
    for name, save in (("stored", numpy.savez), ("deflated", numpy.savez_compressed)):
        save(folder / "a.npz", **halves)
        put("npz", name, (folder / "a.npz").read_bytes())
    put("csv", "table", "a,label,b\n0.5,0,-2\n1e3,1,.25\n")
    put("csv", "quoted", 'y;"a;b"\r\n0; 1 \r\n\r\n1;+2e-3')
    put("csv", "broken", "a,a\n1,\n")
    put("npy", "one-hot", npy(numpy.eye(3, dtype="u1"), folder))
    for name, content in (("empty", b""), ("text", b"text " * 20), ("zeros", bytes(100_000))):
        put("gzip", name, gzip.compress(content, mtime=0))
    put("gzip", "cut", gzip.compress(b"text " * 20, mtime=0)[:-5])


def models():
    one, two = numpy.ones((3, 4), "f4"), numpy.ones((2, 3), "f4")
    recipe = json.dumps({"data": "toy", "subset": {"seed": 1}, "seed": 1, "history": []})
    put("safetensors", "plain", safetensors({"0.weight": one, "2.weight": two}))
    put("safetensors", "biases", safetensors(
        {"0.weight": one, "0.bias": one[:, 0].copy(), "2.weight": two, "2.bias": two[:, 0].copy()},
        {"hypnos.output": "relu", "hypnos.recipe": recipe}))
    put("safetensors", "half", safetensors({"weight": one.astype("f2")}))
    put("safetensors", "nested", struct.pack("<Q", 200) + b"[" * 200)


def texts():
    put("parameters", "rates", "steps = 9\ntarget_rate = [0.1, 0.1, 0.1]\nmax_rate = 100\n")
    put("parameters", "all", "source = 'x'\nsteps = 9\nrule = 'hebbian'\npatch = 3\ndecay = 0.9\n"
        "increment = 1e-3\ndecrement = 1e-4\nthreshold = [1, 2, 3]\nalpha = [1, 1, 1]\nbias = 'none'\n"
        "inhibition = 0.1\noutput_current = 0.5\n[tuned]\ncommand = \"x\"\n")
    put("plan", "small", "answers = 'x'\ndata = 'mnist'\nfraction = [0.1, 0.5]\nepochs = 1\n"
        "sleep = 'a-{data}-{percent}'\nseeds = 2\nkeep = {1 = 0.5}\n")
    put("plan", "variants", "answers = 'x'\ndata = 'mnist'\nper_class = 2\nhidden = [[8, 8], [4, 4]]\n"
        "protocol = 'modern'\nsleep = 'x'\nseeds = [1, 5]\n[sleep_parameters]\nsteps = [5, 6]\n"
        "[[variant]]\nname = 'a'\n[[variant]]\nname = 'b'\nmethod = 'nearest-neighbor'\n")
    put("plan", "many", "answers = 'x'\ndata = 'mnist'\nsleep = 'x'\nseeds = 1000000\n")
    put("journal", "whole", '{"seed":1}\n{"position":[0.5],"scores":[1.0]}\n')
    put("journal", "cut", '{"seed":1}\n{"position":[0.')
    put("journal", "other", '{"seed":2}\n')
    put("journal", "nested", '{"seed":1}\n' + "[" * 300 + "\n")


def recordings(folder):
    spikes = numpy.array([(0, 0, 1), (0, 1, 0), (3, 0, 3)], SPIKE)
    put("recording", "night", npy(spikes, folder))
    put("recording", "none", npy(spikes[:0], folder))
    put("recording", "wrapped", npy(numpy.array([(2**64 - 1, 0, 0)], SPIKE), folder))
    put("recording", "wide", npy(numpy.array([(0, i, 999_999) for i in range(20)], SPIKE), folder))


def results(folder):
    """A study of two trials, as a report and as a database, both cut down to what is small."""
    program = os.environ["HYPNOS"]
    data = folder / "data"
    data.mkdir()
    noise = numpy.random.default_rng(1)
    for half in ("train", "test"):
        numpy.save(data / f"{half}-images.npy", noise.random((12, 2, 2)).astype("f4"))
        numpy.save(data / f"{half}-labels.npy", (numpy.arange(12) % 2).astype("u1"))
    (folder / "sleep.toml").write_text("steps = 5\npatch = 0\nthreshold = [1, 1]\nalpha_scale = 1\n")
    (folder / "toy.toml").write_text(
        "answers = 'x'\ndata = 'data'\nprotocol = 'modern'\nhidden = [4]\nepochs = 1\nfinetune_epochs = 1\n"
        "sleep = 'sleep.toml'\nseeds = 2\n")
    database = folder / "r.sqlite"
    subprocess.run([program, "run", folder / "toy.toml", "--db", database], check=True)
    text = subprocess.run([program, "report", database, "--json"], check=True, capture_output=True).stdout
    put("report", "study", text)
    put("report", "cut", text[:len(text) // 2])
    put("report", "nested", '{"hypnos_report":1,"kind":' + "[" * 300)
    text = subprocess.run([program, "results", database, "--json", "--brief"], check=True, capture_output=True).stdout
    put("claims", "study", text)
    file = sqlite3.connect(database, isolation_level=None)
    file.execute("UPDATE weights SET histogram = '[1,2]'")
    file.execute("PRAGMA page_size = 512")
    file.execute("VACUUM")
    file.close()
    put("database", "study", database.read_bytes())


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        arrays(pathlib.Path(name))
        models()
        texts()
        recordings(pathlib.Path(name))
        results(pathlib.Path(name))

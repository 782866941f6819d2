"""Makes what the page needs on which one watches a network sleep: a small network on its plateau,
the shape of its noise, and some test images. All of it is made from Fashion-MNIST by the program.

usage: make_data.py HYPNOS FOLDER    writes FOLDER/data.json, beside it the network (model.safetensors)
"""

import argparse
import base64
import gzip
import json
import pathlib
import struct
import subprocess

import numpy as np

IMAGES = pathlib.Path("/usr/share/datasets/fashion-mnist")
PARAMETERS = pathlib.Path(__file__).with_name("parameters.toml")
CLASSES = ["T-shirt", "trousers", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag",
           "boot"]
TRAINING, TEST = 600, 300
TRAIN = ["--hidden", "200", "--updates", "60", "--seed", "1"]


def idx(name: str, header: int) -> np.ndarray:
    with gzip.open(IMAGES / name) as file:
        return np.frombuffer(file.read(), np.uint8, offset=header)


def half(name: str, samples: int) -> tuple[np.ndarray, np.ndarray]:
    images = idx(f"{name}-images-idx3-ubyte.gz", 16).reshape(-1, 28, 28)
    return images[:samples], idx(f"{name}-labels-idx1-ubyte.gz", 8)[:samples]


def weights_of(model: pathlib.Path) -> list[np.ndarray]:
    content = model.read_bytes()
    (length,) = struct.unpack_from("<Q", content)
    header = json.loads(content[8 : 8 + length])
    found = []
    for name in sorted(header.keys() - {"__metadata__"}):
        begin, end = header[name]["data_offsets"]
        part = content[8 + length + begin : 8 + length + end]
        found.append(np.frombuffer(part, "<f4").reshape(header[name]["shape"]))
    return found


def text(array: np.ndarray) -> str:
    return base64.b64encode(array.tobytes()).decode()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("hypnos", help="the program")
    parser.add_argument("folder", type=pathlib.Path, help="where to write")
    options = parser.parse_args()
    folder = options.folder
    folder.mkdir(parents=True, exist_ok=True)

    images, labels = half("train", TRAINING)
    test_images, test_labels = half("t10k", TEST)
    np.savez(folder / "data.npz", train_images=images, train_labels=labels,
             test_images=test_images, test_labels=test_labels)
    model, slept = folder / "model.safetensors", folder / "slept.safetensors"
    for made in (model, slept):
        made.unlink(missing_ok=True)
    data = ["--data", str(folder / "data.npz")]
    subprocess.run([options.hypnos, "train", *data, *TRAIN, "-o", model], check=True,
                   capture_output=True)
    report = json.loads(subprocess.run(
        [options.hypnos, "sleep", model, "--params", PARAMETERS, "-o", slept, "--json"],
        check=True, capture_output=True).stdout)

    # The page has no samples to find the gains by, so that they are given outright.
    lines = PARAMETERS.read_text().split("\n[tuned]")[0].splitlines()
    parameters = "\n".join([*(line for line in lines if not line.startswith("alpha")),
                            f"alpha = {report['alpha']}", ""])
    layers = weights_of(model)
    pixels = images.astype(np.float32) / np.float32(255)
    mean = (pixels.astype(np.float64).sum(axis=0) / TRAINING).astype(np.float32)
    page = {
        "layers": [{"outputs": w.shape[0], "inputs": w.shape[1]} for w in layers],
        "weights": text(np.concatenate([w.ravel() for w in layers])),
        "mean": text(mean),
        "rows": 28,
        "columns": 28,
        "images": text(test_images),
        "labels": test_labels.tolist(),
        "classes": CLASSES,
        "parameters": parameters,
        "training": f"{TRAINING} images of Fashion-MNIST, {' '.join(TRAIN)}",
    }
    (folder / "data.json").write_text(json.dumps(page))


if __name__ == "__main__":
    main()

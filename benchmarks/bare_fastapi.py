"""The same network behind bare FastAPI: what a class alone costs without us."""

import io
import os

import numpy as np
import onnxruntime
from fastapi import FastAPI, UploadFile
from PIL import Image

options = onnxruntime.SessionOptions()
options.intra_op_num_threads = 1
session = onnxruntime.InferenceSession(os.environ["BARE_NETWORK"], options)
input_name = session.get_inputs()[0].name
app = FastAPI()


@app.post("/predict")
async def predict(image: UploadFile) -> dict[str, object]:
    """Give the class and its probability."""
    pixels = np.asarray(Image.open(io.BytesIO(await image.read())), dtype=np.float32)
    batch = ((pixels / 255 - 0.5) / 0.5)[None, None]
    (logits,) = session.run(None, {input_name: batch})
    powers = np.exp(logits[0] - logits[0].max())
    found = int(powers.argmax())
    return {"index": found, "probability": float(powers[found] / powers.sum())}

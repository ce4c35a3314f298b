"""Networks as they come: the reference CNN, a torch factory, an ONNX file."""

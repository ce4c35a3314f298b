"""Whether explanations have changed: e-detectors with a stated run length between false alarms."""

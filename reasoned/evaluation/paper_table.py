"""The paper's own table: mAD and mAI in percent, with its spread, on its own networks."""

from reasoned.evaluation.evaluation import Section

_ROWS = (
    ("ASIRRA", "RI", "2.00 ± 0.06", "30.72 ± 0.85"),
    ("", "Grad-CAM", "2.30 ± 0.09", "32.90 ± 0.39"),
    ("", "Grad-CAM++", "3.07 ± 0.02", "29.12 ± 0.42"),
    ("", "Score-CAM", "3.72 ± 0.09", "28.10 ± 0.28"),
    ("GC", "RI", "12.70 ± 0.32", "6.12 ± 0.19"),
    ("", "Grad-CAM", "23.01 ± 0.50", "4.40 ± 0.33"),
    ("", "Grad-CAM++", "29.53 ± 0.36", "3.46 ± 0.40"),
    ("", "Score-CAM", "23.88 ± 0.37", "3.30 ± 0.38"),
    ("RO", "RI", "12.57 ± 0.17", "27.54 ± 0.50"),
    ("", "Grad-CAM", "35.34 ± 0.78", "22.02 ± 0.33"),
    ("", "Grad-CAM++", "21.04 ± 0.33", "23.24 ± 0.59"),
    ("", "Score-CAM", "14.12 ± 1.39", "25.60 ± 0.34"),
    ("FOOD", "RI", "8.08 ± 0.33", "26.66 ± 0.48"),
    ("", "Grad-CAM", "9.22 ± 0.64", "23.34 ± 1.12"),
    ("", "Grad-CAM++", "9.04 ± 0.27", "22.14 ± 1.34"),
    ("", "Score-CAM", "10.44 ± 1.84", "19.56 ± 0.89"),
)
PAPER = Section(
    "The paper's table, for comparison",
    "Lam et al., ICCV 2021, VGG-19 on four data sets of its own; the last baseline, ACE, is left "
    "out. Each method there has similar images of its own, as in the first table here. Other "
    "networks and images: only the order of the methods can be compared.",
    (("data", "method", "mAD %", "mAI %"), *_ROWS),
)

# Every target works on a bare machine: it makes .venv, and `make check` is what CI runs.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
MODELS ?= models
PORT ?= 3000
WORKERS ?= logical
# Two libraries that spin on the same cores wait for each other.
export OMP_NUM_THREADS ?= 1
export OPENBLAS_NUM_THREADS ?= 1
export BENTOML_DO_NOT_TRACK := True

.PHONY: help demo test check format lint types layers tests smoke bench reproduce-cnn-inte \
	reproduce-representative reproduce-flint reproduce-dmm-men reproduce-faithfulness reproduce-production container boards fashion mnist openapi setup clean

help: ## List the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "%-20s %s\n", $$1, $$2}'

setup: $(VENV)/.ready ## Make .venv with everything that developing needs

$(VENV)/.ready: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[fit,faiss,bench,postgres,jwt,redis,otlp,audit,dev]'
	@touch $@

demo: $(VENV)/.ready ## Fit on the bundled digits, serve, post an image, print the reply
	$(BIN)/python examples/demo.py --models $(MODELS) --port $(PORT)

test: tests ## Run every test

check: format lint types layers tests smoke ## The whole gate

format: $(VENV)/.ready
	$(BIN)/ruff format --check .

lint: $(VENV)/.ready
	$(BIN)/ruff check .

types: $(VENV)/.ready
	$(BIN)/mypy

layers: $(VENV)/.ready
	$(BIN)/lint-imports

# A file's tests stay together: they share what was fitted for them.
tests: $(VENV)/.ready
	$(BIN)/python -m pytest --numprocesses=$(WORKERS) --maxprocesses=8 --dist=loadfile \
		--no-loadscope-reorder --cov --cov-report=term:skip-covered --cov-fail-under=90

smoke: $(VENV)/.ready ## Install the wheel with run-time dependencies only, and serve with it
	$(BIN)/python tests/smoke/install.py

container: $(VENV)/.ready ## Build both container images of models/digits and run them; wants root and podman, or Docker
	@test -f $(MODELS)/digits/manifest.json || $(BIN)/reasoned fit --network reference --data digits --out $(MODELS)/digits
	$(BIN)/python -m deploy.container --model $(MODELS)/digits --make-base --route both

boards: $(VENV)/.ready ## Write the Grafana dashboards from their code
	$(BIN)/python -m deploy.boards --out deploy/grafana/dashboards

bench: $(VENV)/.ready ## Measure what an explanation costs; needs a fitted models/fashion
	$(BIN)/python -m benchmarks.bench --model $(MODELS)/fashion --out docs/results/bench.json

fashion: $(VENV)/.ready ## Fit the reference network on Fashion-MNIST
	$(BIN)/reasoned fit --network reference --data fashion-mnist --out $(MODELS)/fashion --replace

mnist: $(VENV)/.ready ## Fit the reference network on MNIST
	$(BIN)/reasoned fit --network reference --data mnist --out $(MODELS)/mnist --replace

reproduce-cnn-inte: $(VENV)/.ready ## Full MNIST and Fashion-MNIST runs; FASHION_DIR, MNIST_DIR name local folders
	$(BIN)/python -m benchmarks.reproduce_cnn_inte --out docs/results/cnn_inte.json \
		$(if $(MNIST_DIR),--mnist-dir $(MNIST_DIR)) $(if $(FASHION_DIR),--fashion-dir $(FASHION_DIR))

reproduce-representative: $(VENV)/.ready ## Full MNIST and Fashion-MNIST runs of representative interpretations
	$(BIN)/python -m benchmarks.reproduce_representative --out docs/results/representative.json \
		$(if $(MNIST_DIR),--mnist-dir $(MNIST_DIR)) $(if $(FASHION_DIR),--fashion-dir $(FASHION_DIR))

reproduce-flint: $(VENV)/.ready ## Full runs of FLINT, two trainings at a time; goes on where it was stopped
	$(BIN)/python -m benchmarks.reproduce_flint --out docs/results/flint.json --keep \
		$(if $(MNIST_DIR),--mnist-dir $(MNIST_DIR)) $(if $(FASHION_DIR),--fashion-dir $(FASHION_DIR))

reproduce-dmm-men: $(VENV)/.ready ## Full runs of DMM-MEN, step by step; goes on where it was stopped
	$(BIN)/python -m benchmarks.reproduce_dmm_men --out docs/results/dmm_men.json --keep \
		$(if $(MNIST_DIR),--mnist-dir $(MNIST_DIR)) $(if $(FASHION_DIR),--fashion-dir $(FASHION_DIR))

reproduce-faithfulness: $(VENV)/.ready ## Full report, outside judges and five seeds, step by step; goes on where it was stopped
	$(BIN)/python -m benchmarks.reproduce_faithfulness --out docs/results/faithfulness.json --keep \
		$(if $(MNIST_DIR),--mnist-dir $(MNIST_DIR)) $(if $(FASHION_DIR),--fashion-dir $(FASHION_DIR)) \
		$(foreach step,$(STEPS),--step $(step))

reproduce-production: $(VENV)/.ready ## Detectors, ledger, cost, replay and container; needs models/fashion; goes on where it was stopped
	$(BIN)/python -m benchmarks.reproduce_production --model $(MODELS)/fashion --keep \
		--out docs/results/production.json $(if $(FASHION_DIR),--data-dir $(FASHION_DIR)) \
		$(foreach step,$(STEPS),--step $(step))

clean: ## Remove .venv and caches
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage dist

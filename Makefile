# The commands of the book; `make help` lists them.
.DEFAULT_GOAL := help
.PHONY: help environment test-environment book serve test lab notebooks determinism bench lock clean

python := .venv/bin/python
pytest := $(python) -m pytest
nbval := $(pytest) --nbval --nbval-current-env --nbval-sanitize-with tests/nbval_sanitize.cfg \
	--nbval-cell-timeout 120 -n 2 --dist loadscope
documented = $(shell find mlsheet -name '*.py' -not -path 'mlsheet/notebook/*')
comma := ,
export PATH := $(CURDIR)/.venv/bin:$(PATH)
export PYTHONPATH := book/_ext
export OPENBLAS_NUM_THREADS := 1
unexport MPLBACKEND
unexport PYTHONDONTWRITEBYTECODE  # else each kernel compiles what it imports anew

help:  ## list the commands
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/make \1|\2/' | column -t -s '|'

environment:
	@tools/environment.sh requirements.txt

test-environment:
	@tools/environment.sh tests/requirements.txt

book: environment  ## build the book into _build/html
	@$(python) -m mlsheet_book.build

serve: book  ## build the book, serve it on this machine and open it
	@$(python) -m mlsheet_book.serve

# $(call stage,what it does,command) runs one stage of the tests and says how long it took.
define stage
	@printf '\n%s\n' '== $(1)'; start=$$(date +%s); $(2) && printf '%s\n' "-- $$(($$(date +%s) - start)) s"

endef

test: test-environment  ## run every test: lint, types, units, notebooks, the built book
	$(call stage,Lint and format (ruff),ruff check . && ruff format --check .)
	$(call stage,Types (mypy),mypy)
	$(call stage,Floors of the package (import-linter),lint-imports)
	$(call stage,Docstrings (numpydoc),numpydoc lint $(documented))
	$(call stage,Spelling (codespell),codespell)
	$(call stage,Unit$(comma) oracle$(comma) property and structure tests with doctests,$(pytest) -n 2 --doctest-modules tests mlsheet --ignore=tests/browser --ignore=tests/oracles)
	$(call stage,Every notebook$(comma) strictly (nbval),$(nbval) book)
	$(call stage,The book$(comma) warnings are errors,$(python) -m mlsheet_book.build)
	$(call stage,The built pages in a browser,$(pytest) -n 2 tests/browser)

lab: environment  ## open the notebooks in JupyterLab
	@$(python) -m jupyter lab --notebook-dir=book

notebooks: environment  ## run every notebook and store its text outputs; update contents and links
	@$(python) -m mlsheet_book.contents
	@$(python) -m mlsheet_book.normalise

# Other BLAS kernels round differently; what notebooks print must not show it.
has_flag = $(if $(shell grep -w -s -o -m1 $(1) /proc/cpuinfo),$(2))
cores = $(call has_flag,pni,Prescott) $(call has_flag,avx2,Haswell)

determinism: test-environment  ## run every notebook again, and on other BLAS kernels
	$(call stage,Every notebook once more,$(nbval) book)
	$(foreach core,$(cores),$(call stage,Every notebook on OpenBLAS for $(core),OPENBLAS_CORETYPE=$(core) $(nbval) book))

bench: test-environment  ## measure the engine, explorers, notebooks and the build
	@$(python) tests/benchmarks/engine.py
	@$(python) tests/benchmarks/explorer.py
	@$(python) tests/benchmarks/notebooks.py
	@$(python) tests/benchmarks/build.py

lock:  ## resolve the locked packages anew (needs uv)
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
		--group book pyproject.toml -o requirements.txt --upgrade
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
		--group test pyproject.toml -c requirements.txt -o tests/requirements.txt --upgrade

clean:  ## remove the built book
	rm -rf _build

# make screen                     build, and screen the sample campaign
# make screen SCORES=scores.csv   the same with your own scores; ARGS="--lang zh-Hans …" is passed on
# make test                       build and run all tests
# make notebooks                  run the commands in README and Notebooks-md again and rewrite what they print
# make format | lint | bench | clean | install PREFIX=/usr/local

SCORES ?= Datasets/sample-campaign/scores.csv
ARGS ?=
PREFIX ?= /usr/local
RELEASE = swift build -c release $(RELEASE_FLAGS)
PROGRAM = .build/release/plumbline
TESTED = .build/testing
TEST_FLAGS = -c release -Xswiftc -enable-testing --scratch-path $(TESTED)
TESTING = swift build $(TEST_FLAGS)
SOURCES = Sources Tests Package.swift Benchmarks

# The sample has a campaign file beside it; so may your scores.
CAMPAIGN = $(wildcard $(dir $(SCORES))campaign.yml)

.PHONY: screen test build notebooks format lint bench clean install prerequisites

# Findings make the program end with 1, which is no failure here.
screen: build
	@$(PROGRAM) screen $(SCORES) $(if $(CAMPAIGN),--campaign $(CAMPAIGN)) $(ARGS) || [ $$? -eq 1 ]

build: prerequisites
	@$(RELEASE) --product plumbline

# Tests run as optimised code: the numbers are those that users get, and 800 tests take a minute instead of thirteen. They and the program they call are built apart
# from the program of `make screen`, since the tests look into modules. `swift test` runs the same in a debug build.
test: prerequisites
	$(TESTING) --build-tests
	PLUMBLINE_RELEASE=$(TESTED)/release swift test --skip-build $(TEST_FLAGS)

notebooks: prerequisites
	$(TESTING) --build-tests
	PLUMBLINE_RELEASE=$(TESTED)/release PLUMBLINE_REWRITE_NOTEBOOKS=1 swift test --skip-build $(TEST_FLAGS) --filter NotebookTests

format:
	swift format --in-place --recursive $(SOURCES)

lint:
	swift format lint --strict --recursive $(SOURCES)

# The scripts beside the programs run them with their peers: Benchmarks/README.md.
bench: prerequisites
	swift build -c release --package-path Benchmarks

install: build
	install -d $(DESTDIR)$(PREFIX)/bin
	install -m 755 $(PROGRAM) $(DESTDIR)$(PREFIX)/bin/plumbline
	install -d $(DESTDIR)$(PREFIX)/share/bash-completion/completions $(DESTDIR)$(PREFIX)/share/zsh/site-functions $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d
	LC_ALL=C $(PROGRAM) --generate-completion-script bash > $(DESTDIR)$(PREFIX)/share/bash-completion/completions/plumbline
	LC_ALL=C $(PROGRAM) --generate-completion-script zsh > $(DESTDIR)$(PREFIX)/share/zsh/site-functions/_plumbline
	LC_ALL=C $(PROGRAM) --generate-completion-script fish > $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/plumbline.fish

clean:
	swift package clean
	rm -rf .build

prerequisites:
	@.ci/prerequisites

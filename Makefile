# The front door. Meson does the work; this file only names it.
B ?= build

$(B)/build.ninja: | setup-build
	meson setup $(B) $(SETUP)

all: $(B)/build.ninja            # builds build/sting
	@ninja -C $(B)

setup-build:                     # installs what building needs, if missing
	@tools/setup.sh build

PREFIX ?= /usr/local
install:                         # DESTDIR=, PREFIX=/usr/local; as who may write there
	@[ -x $(B)/sting ] || { echo "build it first: make"; exit 1; }
	@tools/install.sh $(B)/sting "$(DESTDIR)" "$(PREFIX)"

deb: all                         # a Debian package, in build/
	@tools/deb.sh $(B)/sting $(B)

setup-test: setup-build          # and what only tests need
	@tools/setup.sh test

all-with-tests: setup-test $(B)/build.ninja
	@tools/setup_browser.sh $(B)
	@[ -f $(B)/with-tests ] || \
		{ meson setup --reconfigure $(B) -Dtests=enabled && touch $(B)/with-tests; }
	@ninja -C $(B)

run: all                         # the sample sting; ONCE=1, CAMERA=...
	@tools/setup.sh run
	@ONCE='$(ONCE)' CAMERA='$(CAMERA)' python3 tools/sample.py $(B)/sting

test: all-with-tests             # every test; a skipped one fails under CI
	@tools/run-tests.sh $(B)

check: setup-test                # format, layers, headers, lint, sanitizers
	@tools/check.sh

bench: all-with-tests            # figures beside their peers, 30 min at most
	@tools/bench.sh $(B)

campaign: all-with-tests         # full counts; kill it and go on; PART=0.05
	@tools/campaign.sh $(B)

fuzz: setup-test
	@tools/fuzz.sh $(SECONDS)

clean:
	rm -rf $(B) build-*

.DEFAULT_GOAL := all
.PHONY: install deb all all-with-tests setup-build setup-test run test check bench campaign fuzz clean

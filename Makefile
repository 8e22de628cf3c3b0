# The two commands of the README are `make run` and `make test`; each installs
# the packages that are missing (packages.txt) and builds into $(BUILD).

BUILD ?= build
MESON_OPTIONS ?=
FUZZ_SECONDS ?= 60
CLIENT_TESTS ?=

.PHONY: all run test test-clients bench lint fuzz clean

all: $(BUILD)/build.ninja
	@ninja -C $(BUILD) --quiet

$(BUILD)/build.ninja:
	@tools/packages build run test
	@meson setup $(BUILD) $(MESON_OPTIONS) >/dev/null

run: all
	@examples/tour-map $(BUILD)/actas
	@tools/packages clients
	@if clients=$$(tests/clients/prepare python node); then \
	    examples/tour-platform $(BUILD)/actas "$$clients"; \
	else \
	    echo "PyPI or npm cannot be reached: the tour of the platform," \
	        "which needs Microsoft's clients, is left out."; \
	fi

test: all
	@meson test -C $(BUILD) --no-rebuild --print-errorlogs \
	    --timeout-multiplier 6
	@tools/count-tests $(BUILD)

# Microsoft's own clients, unmodified (docs/clients.md). What they need is
# fetched once and kept in a cache folder.
test-clients: all
	@tools/packages test clients
	@clients=$$(tests/clients/prepare) || clients=; \
	tests/clients/run.py $(BUILD)/actas "$$clients" \
	    $(BUILD)/clients.tap $(CLIENT_TESTS)
	@tools/count-tests $(BUILD)/clients.tap

bench: all
	@ninja -C $(BUILD) --quiet actas-bench
	@$(BUILD)/actas-bench

lint:
	@tools/packages build test lint
	@tools/lint

fuzz:
	@tools/packages build test fuzz
	@tools/fuzz $(FUZZ_SECONDS)

clean:
	rm -rf build build-*

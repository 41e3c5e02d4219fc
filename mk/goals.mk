# SPDX-License-Identifier: BSD-2-Clause
# The goals that people type.

.PHONY: all clean help
all: ## build everything
all: $(ALL)

clean: ## remove what was built
	rm -rf build

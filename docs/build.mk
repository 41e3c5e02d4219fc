# SPDX-License-Identifier: BSD-2-Clause
# Diagrams: Graphviz sources in docs/diagrams, the pictures beside them in git,
# so that they show where the text is read.

DIAGRAMS := $(patsubst %.dot,%.svg,$(wildcard docs/diagrams/*.dot))

.PHONY: docs
docs: ## redraw the diagrams of docs/
docs: $(DIAGRAMS)

docs/diagrams/%.svg: docs/diagrams/%.dot | build/packages/graph
	$(call say,DOT,$@)
	$(Q)dot -Tsvg $< | sed '/^<!-- Generated/d;/^ -->/d;/^<!-- Title/d' > $@

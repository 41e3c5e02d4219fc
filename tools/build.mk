# SPDX-License-Identifier: BSD-2-Clause
# The host command.

MANIFEST_SOURCES := $(filter-out %/config.c %/configdefaults.c %/path.c,$(wildcard lib/manifest/*.c)) # config, path: the target reads
MARZIPAN_SOURCES := $(wildcard tools/*.c) $(MANIFEST_SOURCES)

$(eval $(call host_program,marzipan,build/marzipan,$(MARZIPAN_SOURCES),$(HOST_CFLAGS),-lyaml))
ALL += build/marzipan

# What the tables of lib/manifest/schema.c and the IDL's comments say, for people and editors.
.PHONY: schema
schema: build/marzipan build/idl/stamp
	tools/update-reference

# SPDX-License-Identifier: BSD-2-Clause
# The part of the system description that runs on the target: the reader of the
# compiled form.  The YAML side is linked into the host command (tools/build.mk).

$(eval $(call library,manifest,$(B)/libmanifest.a,$(addprefix lib/manifest/,fdt.c config.c configdefaults.c configdevices.c path.c spans.c),$(USER_CFLAGS)))
ALL += $(B)/libmanifest.a

# SPDX-License-Identifier: BSD-2-Clause
"""Numbers and texts of all errors: those that any interface may have, then each interface's own."""

from .text import Text, guarded, head

INTERFACE_SHIFT = 6
LATER = 0x7fff  # not an error: a server's function says that it will answer later


def all_errors(found):
    """(number, Declared), in order."""
    errors = [(e.value, e) for e in found.errors]
    for interface in sorted(found.interfaces, key=lambda i: i.number):
        errors += [(interface.number << INTERFACE_SHIFT | e.value, e) for e in interface.errors]
    return errors


def summary(error):
    """The first sentence of an exception's comment."""
    return " ".join(error.comment.split()).split(". ")[0].rstrip(".")


def errors_header(found):
    text = Text()
    text.comment("An interface's number, six bits, and the error's in it; interface 0 has those of all.")
    text.add("enum mz_error {", "MZ_OK = 0,")
    for number, error in all_errors(found):
        text.comment(summary(error))
        text.add(f"{error.c} = {number:#x},")
    text.comment("of a server's function: it will answer later")
    text.add(f"MZ_LATER = {LATER:#x}", "};", "")
    text.comment("A text for people, such as \"the quota is exhausted\".")
    text.add("const char *mz_error_name(unsigned error);")
    return guarded("errors", "the errors of all interfaces", [], str(text))


def errors_source(found):
    text = Text()
    text.add("#include <marzipan/errors.h>", "", "const char *mz_error_name(unsigned error)", "{",
             "switch (error) {", "case MZ_OK:", 'return "success";')
    for _, error in all_errors(found):
        escaped = summary(error).replace("\\", "\\\\").replace('"', '\\"')
        text.add(f"case {error.c}:", f'return "{escaped}";')
    text.add("}", 'return "an error without a name";', "}")
    return head("the texts of errors") + str(text)

# SPDX-License-Identifier: BSD-2-Clause
"""The back end of Debian's omniidl that writes C for Marzipan; docs/idl.md tells what it makes.

    omniidl -p idl/compiler -b marzipan -Wbout=FOLDER all.idl

FOLDER gets marzipan/NAME.h and NAME_server.h for each interface, errors.h, types.h, errors.c,
headers.c (which includes all of them, so that a compiler has seen them), and interfaces.md.
"""

import sys
from pathlib import Path

from mzidl import client, declarations, errors, server
from mzidl.reader import Reader
from mzidl.reference import reference
from mzidl.report import Report
from mzidl.text import head, write


def headers_source(found):
    names = [f"{i.name}{suffix}" for i in found.interfaces for suffix in ("", "_server")]
    lines = [f"#include <marzipan/{name}.h>\n" for name in names]
    return head("a program that has all headers in it") + "".join(lines)


def run(tree, arguments):
    options = dict(argument.split("=", 1) for argument in arguments if "=" in argument)
    if "out" not in options:
        sys.stderr.write("marzipan: there is no folder to write to: -Wbout=FOLDER\n")
        sys.exit(1)
    report = Report()
    found = Reader(tree, report).result
    report.end_if_faults()
    out = Path(options["out"])
    for interface in found.interfaces:
        write(out / "marzipan" / f"{interface.name}.h", client.client_header(interface))
        write(out / "marzipan" / f"{interface.name}_server.h", server.server_header(interface))
    write(out / "marzipan" / "types.h", declarations.types_header(found))
    write(out / "marzipan" / "errors.h", errors.errors_header(found))
    write(out / "errors.c", errors.errors_source(found))
    write(out / "headers.c", headers_source(found))
    write(out / "interfaces.md", reference(found))

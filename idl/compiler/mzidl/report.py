# SPDX-License-Identifier: BSD-2-Clause
"""Faults of an IDL file: each names file and line, the cause, and what to do."""

import sys


class Report:
    """Collects faults, so that one run shows all of them."""

    def __init__(self):
        self.faults = []

    def fault(self, place, cause, remedy):
        """PLACE is a declaration of omniidl's, or a pragma: it has a file and a line."""
        line = (place.file(), place.line(), f"{cause}; {remedy}")
        if line not in self.faults:
            self.faults.append(line)

    def end_if_faults(self):
        for file, line, text in sorted(self.faults):
            sys.stderr.write(f"{file.removeprefix('./')}:{line}: error: {text}\n")
        if self.faults:
            sys.exit(1)

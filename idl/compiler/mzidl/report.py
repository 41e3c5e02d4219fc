# SPDX-License-Identifier: BSD-2-Clause
"""Faults of an IDL file: each names file and line, the cause, and what to do."""

import sys


class Report:
    """Collects faults, so that one run shows all of them."""

    def __init__(self):
        self.faults = []

    def fault(self, place, cause, remedy):
        """PLACE is a declaration of omniidl's, or a pragma: it has a file and a line."""
        found = (place.file(), place.line(), cause, remedy)
        if found not in self.faults:
            self.faults.append(found)

    def end_if_faults(self):
        for file, line, cause, remedy in sorted(self.faults):
            sys.stderr.write(f"{file.removeprefix('./')}:{line}: error: {cause}\n  remedy: {remedy}\n")
        if self.faults:
            sys.exit(1)

# SPDX-License-Identifier: BSD-2-Clause
"""The parts of the back end: reader makes a model of the IDL, the others write C and text from it."""

#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Draws build/bench-guests.json (written by bench/run.py) as a bar chart in SVG.

    bench/plot.py OUTPUT.svg

Each group is a guest benchmark; the bars are the instructions of a VM under Marzipan and under
KVM, as multiples of the bare machine's.
"""

import json
import sys
from pathlib import Path

BUILD = Path(__file__).resolve().parent.parent / "build"
NAMES = ["boot", "getpid", "pgfault", "pipe", "forkexec"]
BARS = [("VM", "#4878a8", "Marzipan"), ("KVM", "#c8a048", "KVM")]
WIDTH, HEIGHT, LEFT, BASE, SCALE = 640, 300, 60, 240, 160


def bar(x, ratio, colour):
    height = ratio * SCALE
    return (f'<rect x="{x}" y="{BASE - height:.1f}" width="36" height="{height:.1f}" '
            f'fill="{colour}"/><text x="{x + 18}" y="{BASE - height - 4:.1f}" '
            f'text-anchor="middle" font-size="10">{ratio:.3f}</text>')


def chart(columns):
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" '
           'font-family="sans-serif" font-size="12">',
           f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
           f'<text x="{LEFT}" y="20">Instructions as multiples of the bare machine</text>']
    line = BASE - SCALE
    out.append(f'<path d="M{LEFT} {line}H{WIDTH - 20}" stroke="#888" stroke-dasharray="4 3"/>'
               f'<text x="{LEFT - 8}" y="{line + 4}" text-anchor="end">1.0</text>'
               f'<path d="M{LEFT} {BASE}H{WIDTH - 20}" stroke="black"/>')
    for place, name in enumerate(NAMES):
        x = LEFT + 14 + place * 110
        for offset, (column, colour, _) in enumerate(BARS):
            if columns.get(column) and columns["bare"]:
                out.append(bar(x + offset * 42, columns[column][name] / columns["bare"][name],
                               colour))
        out.append(f'<text x="{x + 39}" y="{BASE + 18}" text-anchor="middle">{name}</text>')
    for place, (_, colour, title) in enumerate(BARS):
        out.append(f'<rect x="{LEFT + place * 110}" y="{HEIGHT - 26}" width="12" height="12" '
                   f'fill="{colour}"/><text x="{LEFT + place * 110 + 18}" y="{HEIGHT - 15}">'
                   f'{title}</text>')
    return "\n".join([*out, "</svg>", ""])


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: bench/plot.py OUTPUT.svg")
    Path(sys.argv[1]).write_text(chart(json.loads((BUILD / "bench-guests.json").read_text())))

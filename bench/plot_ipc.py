#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Draws build/bench.json's one-way IPC between address spaces as curves in SVG.

    bench/plot_ipc.py OUTPUT.svg

A line for each width; the marks are what the hand-written fast path of the original,
L4Ka::Pistachio, takes in the same emulator.
"""

import json
import sys
from pathlib import Path

from bare import BUILD
from micro import ORIGINAL

COLOURS = {"amd64": "#4878a8", "ia32": "#c8a048"}
TITLES = {"amd64": "AMD64", "ia32": "IA32"}
WIDTH, HEIGHT, LEFT, BASE, TOP = 640, 340, 60, 270, 40
LOWEST, HIGHEST, MOST = 60, 180, 63


def place(registers, value):
    x = LEFT + registers * (WIDTH - LEFT - 30) / MOST
    return x, BASE - (value - LOWEST) * (BASE - TOP) / (HIGHEST - LOWEST)


def axes():
    out = [f'<path d="M{LEFT} {TOP}V{BASE}H{WIDTH - 20}" fill="none" stroke="black"/>']
    for value in range(LOWEST, HIGHEST + 1, 20):
        _, y = place(0, value)
        out.append(f'<path d="M{LEFT} {y:.1f}H{WIDTH - 20}" stroke="#ddd"/>'
                   f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{value}</text>')
    for registers in (0, 4, 8, 12, 16, 24, 32, 40, 48, 56, 63):
        x, _ = place(registers, LOWEST)
        out.append(f'<text x="{x:.1f}" y="{BASE + 16}" text-anchor="middle">{registers}</text>')
    out.append(f'<text x="{(LEFT + WIDTH) / 2:.0f}" y="{BASE + 34}" text-anchor="middle">'
               'message registers besides the tag</text>')
    return out


def line(arch, values):
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in
                      (place(n, value) for n, value in enumerate(values)))
    return f'<polyline points="{points}" fill="none" stroke="{COLOURS[arch]}" stroke-width="2"/>'


def marks(arch):
    """What the original takes, as squares (AMD64) and circles (IA32)."""
    for registers, value in ORIGINAL[arch].items():
        x, y = place(registers, value)
        shape = (f'<rect x="{x - 4:.1f}" y="{y - 4:.1f}" width="8" height="8"'
                 if arch == "amd64" else f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4.5"')
        yield f'{shape} fill="white" stroke="{COLOURS[arch]}" stroke-width="2"/>'


def legend():
    y = HEIGHT - 16
    for column, (arch, colour) in enumerate(COLOURS.items()):
        x = LEFT + column * 260
        yield (f'<path d="M{x} {y}H{x + 24}" stroke="{colour}" stroke-width="2"/>'
               f'<text x="{x + 30}" y="{y + 4}">{TITLES[arch]} '
               f'({"squares" if arch == "amd64" else "circles"}: the original)</text>')


def chart(entries):
    values = {item["name"]: item["value"] for item in entries}
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" '
           'font-family="sans-serif" font-size="12">',
           f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
           f'<text x="{LEFT}" y="20">Instructions of a one-way IPC between address spaces</text>',
           *axes()]
    for arch in COLOURS:
        out.append(line(arch, [values[f"ipc_oneway_inter_{n}mr_{arch}"]
                               for n in range(MOST + 1)]))
        out += marks(arch)
    return "\n".join([*out, *legend(), "</svg>", ""])


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: bench/plot_ipc.py OUTPUT.svg")
    Path(sys.argv[1]).write_text(chart(json.loads((BUILD / "bench.json").read_text())))

# SPDX-License-Identifier: BSD-2-Clause
"""What tests of traces share, those of the host command and those of whole systems."""


def tracks(events):
    """(process, thread) as numbers -> as names"""
    processes = {e["pid"]: e["args"]["name"] for e in events if e["name"] == "process_name"}
    return {(e["pid"], e["tid"]): (processes[e["pid"]], e["args"]["name"])
            for e in events if e["name"] == "thread_name"}

# SPDX-License-Identifier: BSD-2-Clause
"""The same guests in a VM of Marzipan, and Marzipan itself."""

import json
import re
import subprocess
import tempfile
from pathlib import Path

from bare import BUILD, CMDLINE, GUEST_MIB, INITRD, KERNEL, SECONDS, values

MARZIPAN = BUILD / "marzipan"
PAYLOADS = BUILD / "payloads"

LINUX = {"kernel": str(KERNEL), "initrd": str(INITRD), "cmdline": CMDLINE,
         "memory": f"{GUEST_MIB}M", "restart": "never"}
START = re.compile(r"vm (\w+): first guest instruction at tsc=(\d+)")
OWN_SIZE = re.compile(r"memory (\d+) ([KMG])iB of")
MONITOR_SIZE = re.compile(r"monitor (\d+) ([KMG])iB;")
UNITS = {"K": 1 / 1024, "M": 1, "G": 1024}


class Failure(Exception):
    """A run that did not give its values."""


def payload(name, cmdline="", memory=4):
    return {"kernel": str(PAYLOADS / name), "initrd": "none", "cmdline": cmdline,
            "memory": f"{memory}M", "restart": "never"}


def stage(vms, folder):
    """Builds the system into FOLDER; QEMU's command line, which counts instructions."""
    description = Path(folder) / "system.yaml"
    description.write_text(json.dumps({"vms": vms}))
    result = subprocess.run([MARZIPAN, "run", "--icount", "--dry-run", "-o", f"{folder}/out",
                             description], check=True, stdout=subprocess.PIPE, text=True)
    return result.stdout


def run_vms(vms):
    """Runs a system until it switches itself off; the text of its console."""
    with tempfile.TemporaryDirectory() as folder:
        description = Path(folder) / "system.yaml"
        description.write_text(json.dumps({"vms": vms}))
        result = subprocess.run([MARZIPAN, "run", "--icount", "--timeout", f"{SECONDS}s",
                                 description], check=False, stdin=subprocess.DEVNULL, text=True,
                                errors="replace", stdout=subprocess.PIPE,
                                stderr=subprocess.STDOUT)
    if result.returncode:
        raise Failure(f"the system ended with code {result.returncode}:\n{result.stdout[-3000:]}")
    return result.stdout


def vm_values():
    """What the guests measure in a VM that is alone."""
    linux = values(run_vms({"bench": LINUX}))
    linux["boot"] = linux["init"] - values(run_vms({"tsc": payload("tsc")}))["entry"]
    return {**linux, **values(run_vms({"exits": payload("exitcost")}))}


def boot_instructions():
    """From the loader's first instruction to the second of two Debian VMs' first one."""
    two = {"anna": LINUX, "bert": LINUX}
    started = [int(m.group(2)) for m in START.finditer(run_vms(two))]
    if len(started) != 2:
        raise Failure("two VMs, but not two lines about their first instruction")
    with tempfile.TemporaryDirectory() as folder:
        command = stage(two, folder).replace(f"{folder}/out/loader", str(BUILD / "bench/probe"))
        process = subprocess.Popen(["sh", "-c", f"exec {command}"], stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, text=True, errors="replace")
        try:
            for line in process.stdout:
                if match := re.search(r"([0-9a-f]{16})\s*$", line):
                    return [tsc - int(match.group(1), 16) for tsc in started]
        finally:
            process.kill()
            process.wait()
    raise Failure("the probe in the loader's place printed nothing")


def loaded_mib(program):
    """MiB that a program's image takes in memory."""
    out = subprocess.run(["readelf", "-lW", BUILD / "amd64" / program], check=True, text=True,
                         stdout=subprocess.PIPE).stdout
    sizes = re.findall(r"^ +LOAD +\w+ +\w+ +\w+ +\w+ +(0x\w+)", out, re.MULTILINE)
    return sum(int(size, 16) for size in sizes) / 2**20


def memory_per_vm():
    """MiB of monitor and VMMs for each of two VMs beyond the guests' own memory: what the
    monitor accounts for, its own image, and the VMM's image, which is there once."""
    import pexpect  # pylint: disable=C0415
    guest_mib = 4
    with tempfile.TemporaryDirectory() as folder:
        description = Path(folder) / "system.yaml"
        description.write_text(json.dumps({"vms": {"a": payload("spin", memory=guest_mib),
                                                   "b": payload("spin", memory=guest_mib)}}))
        console = pexpect.spawn(str(MARZIPAN), ["run", str(description)], timeout=120,
                                encoding="utf-8", codec_errors="replace", dimensions=(50, 300))
        waiting = {"a", "b"}
        while waiting:
            console.expect(r"\[(\w)\][^\n]*spin: begins")
            waiting.discard(console.match.group(1))
        console.send("\x1ds")
        console.expect("monitor [^\n]*free")
        text = console.before + console.after
        console.close(force=True)
    sizes = [int(n) * UNITS[unit] for n, unit in OWN_SIZE.findall(text)]
    monitor = [int(n) * UNITS[unit] for n, unit in MONITOR_SIZE.findall(text)]
    if len(sizes) != 2 or len(monitor) != 1:
        raise Failure(f"the status does not tell the sizes:\n{text}")
    images = loaded_mib("monitor") + loaded_mib("vmm")
    return (sum(sizes) - 2 * guest_mib + monitor[0] + images) / 2


def text_kib():
    """KiB of the kernel's executable sections."""
    out = subprocess.run(["readelf", "-SW", BUILD / "amd64/almond"], check=True, text=True,
                         stdout=subprocess.PIPE).stdout
    section = re.compile(r"\] (\S+) +PROGBITS +\w+ \w+ (\w+) \w+ +(\w*X\w*) ")
    return sum(int(size, 16) for _, size, _ in section.findall(out)) / 1024

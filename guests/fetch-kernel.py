#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""fetch-kernel.py META-PACKAGE FOLDER: unpacks Debian's kernel into FOLDER.

The meta package (linux-image-cloud-amd64) names the newest kernel package.  That is
downloaded once into the cache, checked against the size and the hash of the signed package
list, and unpacked; nothing is installed.  FOLDER gets bzImage, modules/ and version.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path


def run(*command, **options):
    return subprocess.run(command, check=True, text=True, stdout=subprocess.PIPE, **options).stdout


def show(package):
    """The fields of the package's newest version in the package lists, or None."""
    result = subprocess.run(["apt-cache", "show", "--no-all-versions", package], text=True,
                            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    fields = dict(re.findall(r"^([\w-]+): (.*)$", result.stdout, re.MULTILINE))
    return fields if "SHA256" in fields else None


def refresh_lists():
    as_root = [] if os.geteuid() == 0 else ["sudo"]
    subprocess.run([*as_root, "apt-get", "update", "-q"], check=True, stdin=subprocess.DEVNULL)


def resolve(meta):
    """The fields of the kernel package that the meta package depends on."""
    for attempt in range(2):
        fields = show(meta)
        if fields:
            name = re.match(r"linux-image-[\w.+-]+", fields["Depends"]).group()
            kernel = show(name)
            if kernel:
                return kernel
        if attempt == 0:
            refresh_lists()
    sys.exit(f"fetch-kernel: the package lists do not know {meta}; is this Debian 12?")


def matches(path, fields):
    return (path.stat().st_size == int(fields["Size"])
            and hashlib.sha256(path.read_bytes()).hexdigest() == fields["SHA256"])


def download(fields, cache):
    """The path of the package in the cache, downloaded if need be."""
    cached = cache / Path(fields["Filename"]).name
    if cached.exists() and matches(cached, fields):
        return cached
    print(f"  FETCH    {fields['Package']} {fields['Version']}", flush=True)
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache) as folder:
        command = ["apt-get", "download", "-q", f"{fields['Package']}={fields['Version']}"]
        if subprocess.run(command, cwd=folder, check=False).returncode != 0:
            refresh_lists()
            fields = show(fields["Package"])
            command[-1] = f"{fields['Package']}={fields['Version']}"
            subprocess.run(command, cwd=folder, check=True)
        package = next(Path(folder).glob("*.deb"))
        if not matches(package, fields):
            sys.exit(f"fetch-kernel: {package.name} is not what the package list says")
        cached = cache / Path(fields["Filename"]).name
        package.replace(cached)
    return cached


def main():
    meta, folder = sys.argv[1], Path(sys.argv[2])
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "marzipan"
    package = download(resolve(meta), cache)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with tempfile.TemporaryDirectory(dir=folder) as tree:
        run("dpkg", "-x", str(package), tree)
        kernel = next(Path(tree).glob("boot/vmlinuz-*"))
        version = kernel.name.removeprefix("vmlinuz-")
        shutil.move(Path(tree) / "lib/modules" / version, folder / "modules")
        (folder / "version").write_text(version + "\n")
        shutil.copyfile(kernel, folder / "bzImage")


main()

# SPDX-License-Identifier: BSD-2-Clause
"""The header for clients: an interface's numbers and types, and a function for each operation."""

from . import cparams
from .declarations import declarations, users_of
from .fields import item_bytes
from .kinds import String
from .reading import Reading
from .text import Text, guarded
from .writing import Writing


def label_name(interface, operation):
    return f"MZ_LABEL_{interface.name}_{operation.name}".upper()


def numbers(text, interface):
    name = interface.name.upper()
    text.add(f"#define MZ_INTERFACE_{name} {interface.number}",
             f"#define MZ_MAJOR_{name} {interface.major}",
             f"#define MZ_MINOR_{name} {interface.minor}")
    for operation in interface.operations:
        text.add(f"#define {label_name(interface, operation)} "
                 f"MZ_LABEL(MZ_INTERFACE_{name}, MZ_MAJOR_{name}, {operation.number})")
    text.add("")


def buffers(text, interface):
    """How many and how large receive buffers a server needs, if it needs any."""
    sizes = [[buffer_size(p.kind) for p in operation.request.strings("in")]
             for served in [interface, *interface.all_bases()] for operation in served.operations]
    if any(sizes):
        most = max(filter(None, (max(s, default=None) for s in sizes)), default="MZ_STRING_MAX",
                   key=lambda s: (not s.isdigit(), int(s) if s.isdigit() else 0))
        text.add(f"#define MZ_BUFFERS_{interface.name.upper()} {max(map(len, sizes))}",
                 f"#define MZ_BUFFER_SIZE_{interface.name.upper()} {most}", "")


def buffer_size(kind):
    if not kind.bound:
        return "MZ_STRING_MAX"
    if isinstance(kind, String):
        return str(kind.bound + 1)
    return str(kind.bound) if kind.bytes else f"{kind.bound} * sizeof({kind.element.c})"


def accept(text, operation):
    """The variable accept_ for what a reply brings beside its words."""
    reply = operation.reply
    entries = []
    for p in reply.strings("out"):
        size = f"{p.name}_size" if isinstance(p.kind, String) else f"{p.name}_max * sizeof(*{p.name})"
        entries.append(f"{{{p.name}, {size}}}")
    window = f"{reply.map('out').name}_window" if reply.map("out") else "L4_Nilpage"
    if entries:
        text.add(f"const struct mz_buffer buffers_[] = {{{', '.join(entries)}}};")
    text.add(f"const struct mz_accept accept_ = {{{window}, {len(entries)}, "
             f"{'buffers_' if entries else 'NULL'}}};")


def present(text, operation):
    """A string has to be there when it is sent: a server need not wait for its client's pager."""
    for p in operation.request.strings("in"):
        text.add(f"mz_present({p.name}, {item_bytes(p)});")


def fail(code):
    return ["return MZ_ERR_BAD_REPLY;"]


def take_results(text, operation):
    reply = operation.reply
    words, typed = reply.words, reply.typed
    if reply.variable:
        text.add("mz_clean(m_);", f"if (MZ_UNLIKELY(mz_shape(mz_tag(m_)) != MZ_TAG(0, 0, {typed})))")
    else:
        text.add(f"if (MZ_UNLIKELY(!mz_is(m_, MZ_TAG(0, {words}, {typed}))))")
    text.add("    return mz_failure(mz_tag(m_));")
    if typed and not reply.variable:
        text.add("enum mz_error error_ = MZ_OK;")
    Reading(text, reply, "out", "client").read(fail, "&accept_")
    text.add("return MZ_OK;")


def body(text, interface, operation, send):
    fields = Writing(text, operation.request, "in", "client")
    items = operation.reply.typed
    fields.check_lengths()
    text.add("struct mz_message message_ = mz_message(), *m_ = &message_;")
    if items:
        accept(text, operation)
    text.add("")
    fields.write(label_name(interface, operation))
    present(text, operation)
    if operation.oneway:
        text.add(f"return {send}(server, m_);")
        return
    text.add("mz_call_for_items(server, m_, &accept_);" if items else "mz_call(server, m_);")
    take_results(text, operation)


def stub(text, interface, operation):
    arguments = ["mz_partner_t server", *map(cparams.client, operation.parameters)]
    name = f"mz_{interface.name}_{operation.name}"
    text.comment(operation.comment)
    text.function(cparams.prototype("static inline enum mz_error", name, arguments),
                  lambda: body(text, interface, operation, "mz_send"))
    if operation.oneway:
        text.comment("The same, or MZ_ERR_BUSY if the receiver does not wait for it just now.")
        text.function(cparams.prototype("static inline enum mz_error", f"{name}_try", arguments),
                      lambda: body(text, interface, operation, "mz_send_now"))


def version_stub(text, interface):
    text.comment("Which version a server has; the major one of this header need not be among what it knows.")
    prototype = cparams.prototype("static inline enum mz_error", f"mz_{interface.name}_version",
                                  ["mz_partner_t server", "uint32_t *major", "uint32_t *minor"])
    text.function(prototype, lambda: text.add(
        f"return mz_ask_version(server, MZ_INTERFACE_{interface.name.upper()}, major, minor);"))


def client_header(interface):
    text = Text()
    text.comment(interface.comment)
    numbers(text, interface)
    buffers(text, interface)
    types = declarations(interface.types)
    if types.lines:
        text.include(types)
    for operation in interface.operations:
        stub(text, interface, operation)
    version_stub(text, interface)
    return guarded(interface.name, f"the interface {interface.name}, for clients", users_of(interface),
                   str(text).rstrip("\n") + "\n")

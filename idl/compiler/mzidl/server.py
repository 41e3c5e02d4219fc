# SPDX-License-Identifier: BSD-2-Clause
"""The header for servers: which functions to write, and the dispatcher that calls them."""

from . import cparams
from .client import label_name
from .kinds import Leaf, Sequence, String, Struct
from .reading import Reading
from .text import Text, guarded
from .writing import Writing

REQUEST = ["struct mz_request *q_", "struct mz_caller *caller"]


def function_name(interface, operation):
    return f"serve_{interface.name}_{operation.name}"


def written_by_server(text, interface, operation):
    result = "void" if operation.oneway else "enum mz_error"
    arguments = ["struct mz_caller *caller", *map(cparams.server, operation.parameters)]
    text.comment(operation.comment)
    text.add(f"{cparams.prototype(result, function_name(interface, operation), arguments)};", "")


def local(p):
    """The variables in which a parameter is while the server's function runs."""
    kind, name = p.kind, p.name
    way = "out" if p.is_out else "in"
    if isinstance(kind, String):
        if p.place[way] == "inline":
            return [f"char {name}[{kind.bound + 1}];"]
        return [f"const char *{name} = \"\";"]
    if isinstance(kind, Sequence):
        if p.place[way] == "inline":
            return [f"{kind.element.c} {name}[{kind.bound}];", f"uint32_t {name}_count = 0;"]
        return [f"const {kind.element.c} *{name} = NULL;", f"uint32_t {name}_count = 0;"]
    zero = "0" if isinstance(kind, Leaf) and kind.form != "thread" else "{0}"
    return [f"{kind.c} {name} = {zero};" if p.is_out else f"{kind.c} {name};"]


def argument(p):
    kind, name = p.kind, p.name
    if isinstance(kind, String):
        return f"&{name}" if p.is_out and p.place["out"] == "string" else name
    if isinstance(kind, Sequence):
        if not p.is_out:
            return f"{name}, {name}_count"
        return f"{'&' if p.place['out'] == 'string' else ''}{name}, &{name}_count"
    return f"&{name}" if p.is_out or isinstance(kind, Struct) else name


def passed_on(p):
    """To another function that writes results."""
    return f"{p.name}, {p.name}_count" if isinstance(p.kind, Sequence) else p.name


def result_argument(p):
    """The same from the variables of local()."""
    return f"&{p.name}" if isinstance(p.kind, Struct) else passed_on(p)


def answer(text, interface, operation):
    """The function that writes the results, and the one that sends them later."""
    name = f"mz_{interface.name}_{operation.name}"
    results = [p for p in operation.parameters if p.is_out]
    given = [cparams.later(p) for p in results]

    def write():
        fields = Writing(text, operation.reply, "out", "later")
        fields.check_lengths()
        fields.write("0")
        text.add("return MZ_OK;")

    def reply():
        passed = ", ".join(["m_", *map(passed_on, results)])
        text.add("struct mz_message message_ = mz_message(), *m_ = &message_;", "", "if (!error)",
                 f"    error = {name}_answer({passed});", "if (error)", "    mz_set_error(m_, error);",
                 "mz_reply(client, m_);")

    text.function(cparams.prototype("static inline enum mz_error", f"{name}_answer",
                                    ["struct mz_message *m_", *given]),
                  write)
    text.comment("For a call that the server had answered with MZ_LATER.")
    text.function(cparams.prototype("static inline void", f"{name}_reply",
                                    ["mz_partner_t client", "enum mz_error error", *given]), reply)


def refuse(operation):
    """FAIL for Fields.read()."""
    if operation.oneway:
        return lambda code: ["mz_no_answer(q_);", "return;"]
    return lambda code: [f"mz_refuse(q_, {code});", "return;"]


def serve(text, interface, operation):
    request = operation.request
    passed = ", ".join(["caller", *map(argument, operation.parameters)])
    call = f"{function_name(interface, operation)}({passed});"
    if request.parameters or not operation.oneway:
        text.add("struct mz_message *m_ = &q_->message;")
    for p in operation.parameters:
        text.add(*local(p))
    if not operation.oneway or (request.typed and not request.variable):
        text.add("enum mz_error error_ = MZ_OK;")
    text.add("")
    Reading(text, request, "in", "server").read(refuse(operation), "q_->accept")
    short = [p for p in operation.parameters
             if p.is_out and isinstance(p.kind, String) and p.place["out"] == "inline"]
    text.add(*(f"{p.name}[0] = '\\0';" for p in short))
    if operation.oneway:
        text.add(call, "mz_no_answer(q_);")
        return
    results = ", ".join(["m_", *(result_argument(p) for p in operation.parameters if p.is_out)])
    text.add("mz_taken(m_);", f"error_ = {call}")
    text.add(*(f"{p.name}[{p.kind.bound}] = '\\0';" for p in short))  # whatever was written there
    text.add("if (!MZ_UNLIKELY(error_))",
             f"    error_ = mz_{interface.name}_{operation.name}_answer({results});",
             "if (MZ_UNLIKELY(error_))", "    mz_refuse(q_, error_);")


def cases(text, interface, variable, tag):
    """The switch over requests whose shape is one number, or over the others by their label."""
    chosen = [o for o in interface.operations if o.request.variable == variable]
    if not chosen:
        return
    text.add(f"switch ({tag}) {{")
    for operation in chosen:
        request = operation.request
        words = "0" if variable else request.words
        text.add(f"case MZ_TAG({label_name(interface, operation)}, {words}, {request.typed}):",
                 f"mz_{interface.name}_{operation.name}_serve(q_, caller);", "return true;")
    text.add("}")


def dispatcher(text, interface):
    name = interface.name
    upper = name.upper()
    silent = sum(1 << o.number for o in interface.operations if o.oneway)

    def body():
        text.add("do {")
        cases(text, interface, False, "mz_tag(&q_->message)")
        text.add("} while (MZ_UNLIKELY(mz_clean(&q_->message)));")
        cases(text, interface, True, "mz_shape(mz_tag(&q_->message))")
        for base in interface.bases:
            text.add(f"if (mz_{base.name}_dispatch(q_, caller))", "    return true;")
        text.add(f"return mz_refuse_misshapen(q_, MZ_INTERFACE_{upper}, MZ_MAJOR_{upper}, "
                 f"MZ_MINOR_{upper}, {len(interface.operations)}, UINT64_C({silent:#x}));")

    text.comment(f"Serves a request of {' or '.join([name, *(b.name for b in interface.all_bases())])}; "
                 "false: it is one of another interface.")
    text.function(cparams.prototype("static inline bool", f"mz_{name}_dispatch", REQUEST), body)


def server_header(interface):
    text = Text()
    text.add("struct mz_caller;", "")
    text.comment("---- written by the server ----")
    text.add("")
    for operation in interface.operations:
        written_by_server(text, interface, operation)
    text.comment("---- the dispatcher ----")
    text.add("")
    for operation in interface.operations:
        if not operation.oneway:
            answer(text, interface, operation)
        name = f"mz_{interface.name}_{operation.name}_serve"
        text.function(cparams.prototype("static inline void", name, REQUEST),
                      lambda operation=operation: serve(text, interface, operation))
    dispatcher(text, interface)
    includes = [f"marzipan/{interface.name}.h", "marzipan/serve.h",
                *(f"marzipan/{base.name}_server.h" for base in interface.bases)]
    return guarded(f"{interface.name}_server", f"the interface {interface.name}, for servers", includes,
                   str(text).rstrip("\n") + "\n")

# SPDX-License-Identifier: BSD-2-Clause
"""From omniidl's tree to a Set: everything is checked here, so that writing C cannot fail."""

from omniidl import idlast, idltype

from . import model, names
from .kinds import Fpage
from .source import Pragmas, comment
from .types import Types

UNWANTED = {
    idlast.Module: ("module", "leave it out: all names get the prefix mz_"),
    idlast.Union: ("union", "write an operation for each of its cases"),
    idlast.UnionForward: ("union", "write an operation for each of its cases"),
    idlast.Attribute: ("attribute", "write an operation that returns it"),
    idlast.Value: ("valuetype", "write a struct"),
    idlast.ValueAbs: ("valuetype", "write a struct"),
    idlast.ValueBox: ("valuetype", "write a struct"),
    idlast.ValueForward: ("valuetype", "write a struct"),
}
CONSTANTS = (idltype.tk_float, idltype.tk_double, idltype.tk_longdouble, idltype.tk_fixed,
             idltype.tk_wchar, idltype.tk_wstring)


class Reader:
    def __init__(self, tree, report):
        self.report, self.names = report, names.Names(report)
        self.pragmas = Pragmas(tree, report)
        self.types = Types(report, names.c_name)
        self.errors = {}      # id of an exception -> Declared
        self.interfaces = {}  # name -> Interface
        self.result = model.Set()
        for decl in tree.declarations():
            self.top(decl)
        self.pragmas.check_names(self.interfaces)

    def top(self, decl):
        if isinstance(decl, idlast.Interface):
            self.interface(decl)
        elif isinstance(decl, idlast.Native):
            self.types.kind(idltype.declaredType(decl, decl.scopedName(), idltype.tk_native, 0), decl)
        else:
            self.declaration(decl, self.result, None)

    def declaration(self, decl, owner, interface):
        """A type, constant or exception of an interface, or of the file."""
        if isinstance(decl, idlast.Exception):
            self.exception(decl, owner, interface)
        elif isinstance(decl, (idlast.Struct, idlast.Enum, idlast.Const, idlast.Typedef)):
            self.type(decl, owner)
        elif type(decl) in UNWANTED:
            self.types.refuse(decl, UNWANTED[type(decl)])

    def exception(self, decl, owner, interface):
        prefix = f"{interface.name}_" if interface else ""
        name = decl.identifier()
        if decl.members():
            self.report.fault(decl, f"exception '{name}' has members",
                              "an error is nothing but a name: let an operation return the rest")
        text = comment(decl)
        if not text:
            self.report.fault(decl, f"exception '{name}' has no text",
                              "write it into a // comment above")
        error = model.Declared(name, f"MZ_ERR_{prefix}{name}".upper(), text, decl,
                               len(owner.errors) + (0 if interface else 1))
        if error.value > 63:
            self.report.fault(decl, "too many exceptions", "an interface has at most 64")
        self.errors[id(decl)] = error
        self.names.take(error.c, decl)
        owner.errors.append(error)

    def type(self, decl, owner):
        if isinstance(decl, idlast.Typedef):
            for declarator in decl.declarators():
                kind = self.types.alias(declarator, decl)
                c = names.constant_name(declarator)
                if getattr(kind, "bound", 0):
                    self.names.take(f"{c}_MAX", decl)
                owner.types.append(model.Declared(declarator.identifier(), c, comment(decl), decl, kind))
            return
        if isinstance(decl, idlast.Const):
            if decl.constKind() in CONSTANTS:
                self.types.refuse(decl, (f"constants of {idltype.kind_map[decl.constKind()][3:]}",
                                         "write an integer or a string"))
            c, value = names.constant_name(decl), decl.value()
        else:
            c = names.c_name(decl)
            value = self.types.enum(decl) if isinstance(decl, idlast.Enum) else \
                self.types.struct(decl, decl)
            for member in decl.enumerators() if isinstance(decl, idlast.Enum) else ():
                self.names.take(names.constant_name(member), decl)
            for member, _ in getattr(value, "members", ()):
                self.names.identifier(member, decl)
        self.names.take(c, decl)
        owner.types.append(model.Declared(decl.identifier(), c, comment(decl), decl, value))

    # ---- interfaces ----

    def interface(self, decl):
        name = decl.identifier()
        interface = model.Interface(name, decl, comment(decl), served=self.pragmas.served(name))
        self.names.identifier(name, decl)
        self.numbers(interface, decl)
        interface.bases = [self.interfaces[base.fullDecl().identifier()] for base in decl.inherits()
                           if base.fullDecl().identifier() in self.interfaces]
        if decl.abstract() or decl.local():
            self.report.fault(decl, f"interface '{name}' is abstract or local", "remove that word")
        self.interfaces[name] = interface
        self.result.interfaces.append(interface)
        for part in decl.contents():
            if isinstance(part, idlast.Operation):
                self.operation(part, interface)
            else:
                self.declaration(part, interface, interface)

    def numbers(self, interface, decl):
        name = interface.name
        number, pragma = self.pragmas.number(name)
        if not pragma:
            self.report.fault(decl, f"interface '{name}' has no number",
                              f"write '#pragma mz interface {name} NUMBER', with a number that is free")
        elif number is not None and number not in model.INTERFACES:
            self.report.fault(pragma, f"{number} is no interface number", "write a number from 1 to 63")
        for other in self.interfaces.values():
            if number and other.number == number:
                self.report.fault(pragma, f"interface '{name}' has number {number}, as '{other.name}' has",
                                  "give one of them a number that is free")
        version, at = self.pragmas.version(name)
        if not at:
            self.report.fault(decl, f"interface '{name}' has no version",
                              f"write '#pragma mz version {name} 1.0'")
        elif version and version[0] not in model.MAJORS:
            self.report.fault(at, f"major version {version[0]}", "write one from 0 to 7")
        interface.number = number or 0
        interface.major, interface.minor = version or (0, 0)

    def operation(self, decl, interface):
        name = decl.identifier()
        if len(interface.operations) == model.OPERATIONS:
            self.report.fault(decl, "too many operations", f"an interface has at most {model.OPERATIONS}")
        if name == "version":
            self.report.fault(decl, "operation 'version' is there by itself", "choose another name")
        parameters = [self.parameter(p) for p in decl.parameters()]
        if decl.returnType().kind() != idltype.tk_void:
            parameters.append(model.Parameter("result", self.types.kind(decl.returnType(), decl), False, True))
        operation = model.Operation(
            name, len(interface.operations), bool(decl.oneway()), parameters,
            [self.errors[id(error)] for error in decl.raises() if id(error) in self.errors],
            comment(decl), decl)
        interface.operations.append(operation)
        self.check(operation, decl)
        self.names.operation(operation, interface)
        operation.request, most = model.message([p for p in parameters if p.is_in], "in")
        self.check_message(operation.request, most, f"the request of '{name}'", "in", decl)
        operation.reply, most = model.message([p for p in parameters if p.is_out], "out")
        self.check_message(operation.reply, most, f"the reply of '{name}'", "out", decl)

    def parameter(self, decl):
        kind = self.types.kind(decl.paramType(), decl)
        if decl.is_in() and decl.is_out() and (not kind.fixed or isinstance(kind, Fpage)):
            self.report.fault(decl, f"{kind.idl} {decl.identifier()} is inout",
                              "write an in and an out parameter")
        return model.Parameter(decl.identifier(), kind, bool(decl.is_in()), bool(decl.is_out()))

    def check(self, operation, decl):
        if decl.contexts():
            self.report.fault(decl, f"'{operation.name}' has a context", "write a parameter")
        if not operation.comment:
            self.report.fault(decl, f"'{operation.name}' has no comment", "say above what it does")

    def check_message(self, message, most, what, way, decl):
        if most > model.WORDS:
            self.report.fault(decl, f"{what} may have {most} words, and a message has {model.WORDS}",
                              "use strings or sequences of more than 200 bytes, which travel beside the "
                              "words, or two operations")
        if len(message.strings(way)) > model.STRING_ITEMS:
            self.report.fault(decl, f"{what} has more than {model.STRING_ITEMS} long strings",
                              "write two operations")
        if sum(p.place[way] == "map" for p in message.parameters) > 1:
            self.report.fault(decl, f"{what} has more than one fpage", "write two operations")

# SPDX-License-Identifier: BSD-2-Clause
"""C that writes values into a message."""

from .fields import Fields, item_bytes, limit
from .kinds import Fpage, Sequence, Size, String, Struct
from .model import ITEM_WORDS


class Writing(Fields):
    def check_lengths(self):
        """Before anything is written: a text's length is in NAME_length from here on."""
        for p in self.parameters("inline", "string"):
            if isinstance(p.kind, String):
                self.text.add(f"size_t {p.name}_length = strlen({p.name});")
        wrong = []
        for p in self.parameters("inline", "string"):
            if isinstance(p.kind, Struct):
                wrong += [f"strnlen({value}, {kind.bound} + 1) > {kind.bound}"
                          for value, kind in self.leaves(p) if isinstance(kind, String)]
            else:
                length = "length" if isinstance(p.kind, String) else "count"
                wrong.append(f"{p.name}_{length} > {limit(p.kind)}")
        if wrong:
            self.condition(wrong)
            self.text.add("    return MZ_ERR_TOO_LONG;")

    def write(self, label):
        if self.message.variable:
            self.write_variable(label)
        else:
            self.write_fixed(label)

    def write_fixed(self, label):
        at = Size()
        for p in self.parameters("fixed"):
            for value, leaf in self.leaves(p):
                place = Size(1) + at
                if leaf.bits == 64:
                    self.text.add(f"mz_set(m_, {place}, (mz_word_t){value});",
                                  f"mz_set(m_, {Size(0, 1) + at}, mz_high({value}));")
                else:
                    self.text.add(f"mz_set(m_, {place}, {leaf.to_word(value)});")
                at += Size(longs=1) if leaf.bits == 64 else Size(ones=1)
        for number, p in enumerate(self.parameters("string", "map")):
            place = Size(1 + number * ITEM_WORDS) + at
            first, second = self.item(p)
            self.text.add(f"mz_set(m_, {place}, {first});", f"mz_set(m_, {place + Size(1)}, {second});")
        self.text.add(f"mz_set_tag(m_, MZ_TAG({label}, {at}, {self.message.typed}));")

    def item(self, p):
        """The words of a parameter's item."""
        if isinstance(p.kind, Fpage):
            return f"mz_map_word({p.name}.base)", f"{p.name}.page.raw"
        return f"mz_string_word({item_bytes(p)})", f"(mz_word_t){p.name}"

    def write_variable(self, label):
        self.text.add("mz_word_t *at_ = mz_home(m_) + 1;")
        for p in self.parameters("fixed", "inline"):
            self.write_value(p)
        self.text.add(f"mz_set_tag(m_, MZ_TAG({label}, mz_words(m_, at_), {self.message.typed}));")
        for p in self.parameters("string", "map"):
            first, second = self.item(p)
            self.text.add(f"*at_++ = {first};", f"*at_++ = {second};")
        self.text.add("mz_home_written(m_);")

    def write_value(self, p):
        if isinstance(p.kind, String):
            self.text.add(f"at_ = mz_put_bytes(at_, {p.name}, {p.name}_length);")
        elif isinstance(p.kind, Sequence) and p.kind.bytes:
            self.text.add(f"at_ = mz_put_bytes(at_, {p.name}, {p.name}_count);")
        elif isinstance(p.kind, Sequence):
            self.text.add(f"*at_++ = {p.name}_count;",
                          f"for (uint32_t i_ = 0; i_ < {p.name}_count; i_++) {{")
            for value, leaf in p.kind.element.leaves(f"{p.name}[i_]"):
                self.write_leaf(value, leaf)
            self.text.add("}")
        else:
            for value, leaf in self.leaves(p):
                self.write_leaf(value, leaf)

    def write_leaf(self, value, leaf):
        if isinstance(leaf, String):
            self.text.add(f"at_ = mz_put_bytes(at_, {value}, strnlen({value}, {leaf.bound}));")
        elif leaf.bits == 64:
            self.text.add(f"at_ = mz_put64(at_, (uint64_t){value});")
        else:
            self.text.add(f"*at_++ = {leaf.to_word(value)};")

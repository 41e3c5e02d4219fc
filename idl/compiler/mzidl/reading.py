# SPDX-License-Identifier: BSD-2-Clause
"""C that reads values from a message, and refuses what is none."""

from .fields import Fields, is_pointer, limit
from .kinds import Fpage, Leaf, Sequence, Size, String
from .model import ITEM_WORDS


class Reading(Fields):
    def read(self, fail, accept):
        """FAIL(code): the lines that leave the function; ACCEPT: the expression for the buffers."""
        if self.message.variable:
            self.read_variable(fail, accept)
        else:
            self.read_fixed(fail, accept)

    def read_fixed(self, fail, accept):
        at, wrong, reads = Size(), [], []
        for p in self.parameters("fixed"):
            for value, leaf in self.leaves(p):
                word = f"mz_get(m_, {Size(1) + at})"
                if leaf.bits == 64:
                    word = f"mz_wide({word}, mz_get(m_, {Size(0, 1) + at}))"
                elif leaf.wrong(word):
                    wrong.append(leaf.wrong(word))
                reads.append(f"{value} = {leaf.from_word(word)};")
                at += Size(longs=1) if leaf.bits == 64 else Size(ones=1)
        if wrong:
            self.condition(wrong)
            self.leave(fail("MZ_ERR_BAD_VALUE"))
        self.text.add(*reads)
        words = [(f"mz_get(m_, {Size(1 + number * ITEM_WORDS) + at})",
                  f"mz_get(m_, {Size(2 + number * ITEM_WORDS) + at})")
                 for number in range(self.message.typed // ITEM_WORDS)]
        if words:
            self.read_items(words, "error_", accept)
            self.text.add("if (MZ_UNLIKELY(error_))")
            self.leave(fail("error_"))

    def leave(self, lines):
        if len(lines) == 1:
            self.text.add(f"    {lines[0]}")
        else:
            self.text.lines[-1] += " {"
            self.text.depth += 1
            self.text.add(*lines, "}")

    def read_variable(self, fail, accept):
        self.text.add("struct mz_reader r_ = mz_reader(mz_home(m_), mz_tag(m_));")
        for p in self.parameters("fixed", "inline"):
            self.read_value(p)
        items = self.message.typed // ITEM_WORDS
        if items:
            self.text.add("const mz_word_t *item_ = r_.end;")
            self.read_items([(f"item_[{ITEM_WORDS * n}]", f"item_[{ITEM_WORDS * n + 1}]")
                             for n in range(items)], "r_.error", accept)
        self.text.add("mz_read_end(&r_);", "if (MZ_UNLIKELY(r_.error))")
        self.leave(fail("r_.error"))

    def read_value(self, p):
        pointer = is_pointer(p, self.side)
        count = f"*{p.name}_count" if pointer else f"{p.name}_count"
        if isinstance(p.kind, String):
            self.text.add(f"mz_read_text(&r_, {p.name}, {p.kind.bound});")
        elif isinstance(p.kind, Sequence) and p.kind.bytes:
            self.text.add(f"{count} = mz_read_bytes(&r_, {p.name}, {p.kind.bound});")
        elif isinstance(p.kind, Sequence):
            self.text.add(f"{count} = mz_read_count(&r_, {p.kind.bound});",
                          f"for (uint32_t i_ = 0; i_ < {count}; i_++) {{")
            for value, leaf in p.kind.element.leaves(f"{p.name}[i_]"):
                self.read_leaf(value, leaf)
            self.text.add("}")
        else:
            for value, leaf in self.leaves(p):
                self.read_leaf(value, leaf)

    def read_leaf(self, value, leaf):
        if isinstance(leaf, String):
            self.text.add(f"mz_read_text(&r_, {value}, {leaf.bound});")
        elif leaf.bits == 64:
            self.text.add(f"{value} = ({leaf.c})mz_read64(&r_);")
        else:
            wrong = leaf.wrong("r_.word")
            self.text.add("mz_read(&r_);", *([f"mz_check(&r_, {wrong});"] if wrong else []),
                          f"{value} = {leaf.from_word('r_.word')};")

    def read_items(self, words, error, accept):
        """Items in their order; string number n is in buffer number n."""
        strings = 0
        for (first, second), p in zip(words, self.parameters("string", "map")):
            if isinstance(p.kind, Fpage):
                target = f"*{p.name}" if is_pointer(p, self.side) else p.name
                self.text.add(f"{target} = mz_received_map({first}, {second}, &{error});")
                continue
            self.read_string(p, f"{accept}, {strings}, {first}", error)
            strings += 1

    def read_string(self, p, where, error):
        client = self.side == "client"
        if isinstance(p.kind, String):
            target = "" if client else f"{p.name} = "
            self.text.add(f"{target}mz_received_text({where}, {limit(p.kind)}, &{error});")
            return
        count = f"{p.name}_count" if client else f"&{p.name}_count"
        target = "" if client else f"{p.name} = "
        self.text.add(f"{target}mz_received_array({where}, sizeof(*{p.name}), {limit(p.kind)}, "
                      f"{count}, &{error});")
        wrong = wrong_elements(p.kind.element, f"{p.name}[i_]")
        if wrong:
            count = f"{'*' if client else ''}{p.name}_count"
            self.text.add(f"for (uint32_t i_ = 0; !{error} && i_ < {count}; i_++) {{")
            self.condition(wrong)
            self.text.add(f"    {error} = MZ_ERR_BAD_VALUE;", "}")


def wrong_elements(element, value):
    """Conditions under which an element that came as bytes is none."""
    if isinstance(element, Leaf):
        found = [element.wrong_raw(value)]
    else:
        found = [f"!memchr({leaf_value}, 0, {leaf.bound} + 1)" if isinstance(leaf, String)
                 else leaf.wrong_raw(leaf_value) for leaf_value, leaf in element.leaves(value)]
    return [condition for condition in found if condition]

/* SPDX-License-Identifier: BSD-2-Clause */
// SOURCES: vmm/vcpu/decode.c
// CFLAGS: -Ivmm -Ibuild/idl -Ilib/l4/include
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "l4/almond.h"
#include "vcpu/decode.h"

/*
 * What an instruction is decoded to, as text: operation and form, sizes of operand, source,
 * address, flags (x REX, r REP, n REPNE, l LOCK), segment, ModRM.reg, and the place of the other
 * operand: a register, [base+index<<scale+displacement], then an immediate.
 */
static const char *describe(const struct insn *i)
{
    static const char *const ops[] = {
        "add",  "or",     "adc",   "sbb",     "and",     "sub",    "xor",    "cmp",    "test",
        "mov",  "movzx",  "movsx", "xchg",    "cmpxchg", "xadd",   "bt",     "bts",    "btr",
        "btc",  "inc",    "dec",   "not",     "neg",     "push",   "movs",   "stos",   "lods",
        "ins",  "outs",   "hlt",   "cpuid",   "rdmsr",   "wrmsr",  "rdtsc",  "rdtscp", "rdpmc",
        "invd", "wbinvd", "pause", "monitor", "mwait",   "xsetbv", "vmmcall"};
    static const char *const forms[] = {"", "MR", "RM", "MI", "M", "MA", "AM", "S"};
    static char text[160];
    int n = snprintf(text, sizeof(text), "%s %s %u/%u/%u %s%s%s%s", ops[i->op], forms[i->form],
                     i->size, i->source_size, i->address_size, i->rex ? "x" : "", i->rep ? "r" : "",
                     i->repne ? "n" : "", i->lock ? "l" : "");
    if (i->segment != SEG_DEFAULT)
        n += snprintf(text + n, sizeof(text) - (size_t)n, "seg%u", i->segment);
    n += snprintf(text + n, sizeof(text) - (size_t)n, " %u", i->reg);
    if (i->rm != REG_NONE)
        n += snprintf(text + n, sizeof(text) - (size_t)n, " %u", i->rm);
    if (i->base != REG_NONE || i->index != REG_NONE || i->displacement)
        n += snprintf(text + n, sizeof(text) - (size_t)n, " [%d+%d<<%u%+ld]",
                      i->base == REG_NONE  ? -1
                      : i->base == REG_RIP ? 99
                                           : i->base,
                      i->index == REG_NONE ? -1 : i->index, i->scale, i->displacement);
    snprintf(text + n, sizeof(text) - (size_t)n, " %ld", (int64_t)i->immediate);
    return text;
}

struct expected {
    unsigned bits;
    const char *bytes, *text;
};

/* clang-format off */
static const struct expected table[] = {
    /* mov %eax, (%rdi)            */ {64, "89 07", "mov MR 4/4/8  0 [7+-1<<0+0] 0"},
    /* mov 0x300(%rbx), %ecx       */ {64, "8b 8b 00 03 00 00", "mov RM 4/4/8  1 [3+-1<<0+768] 0"},
    /* mov %r9, -8(%r12)           */ {64, "4d 89 4c 24 f8", "mov MR 8/8/8 x 9 [12+-1<<0-8] 0"},
    /* mov %sil, 1(%rax,%rcx,4)    */ {64, "40 88 74 88 01", "mov MR 1/1/8 x 6 [0+1<<2+1] 0"},
    /* mov %eax, 0xffffffffff5fb0b0 */ {64, "89 04 25 b0 b0 5f ff", "mov MR 4/4/8  0 [-1+-1<<0-10506064] 0"},
    /* movl $0x12345678, 16(%rip)  */ {64, "c7 05 10 00 00 00 78 56 34 12", "mov MI 4/4/8  0 [99+-1<<0+16] 305419896"},
    /* movq $-1, (%rax)            */ {64, "48 c7 00 ff ff ff ff", "mov MI 8/8/8 x 0 [0+-1<<0+0] -1"},
    /* movw $0x1234, (%rax)        */ {64, "66 c7 00 34 12", "mov MI 2/2/8  0 [0+-1<<0+0] 4660"},
    /* movabs 0xfee00020, %eax     */ {64, "a1 20 00 e0 fe 00 00 00 00", "mov AM 4/4/8  0 [-1+-1<<0+4276092960] 0"},
    /* mov %al, 0xfec00000         */ {32, "a2 00 00 c0 fe", "mov MA 1/1/4  0 [-1+-1<<0+4273995776] 0"},
    /* movzbl 4(%rdx), %eax        */ {64, "0f b6 42 04", "movzx RM 4/1/8  0 [2+-1<<0+4] 0"},
    /* movswq (%rsi), %r8          */ {64, "4c 0f bf 06", "movsx RM 8/2/8 x 8 [6+-1<<0+0] 0"},
    /* movslq (%rsi), %rax         */ {64, "48 63 06", "movsx RM 8/4/8 x 0 [6+-1<<0+0] 0"},
    /* rep movsl                   */ {64, "f3 a5", "movs S 4/4/8 r 0 0"},
    /* rep stosq                   */ {64, "f3 48 ab", "stos S 8/8/8 xr 0 0"},
    /* addr32 rep outsb            */ {64, "67 f3 6e", "outs S 1/1/4 r 0 0"},
    /* lock orl $1, (%rax)         */ {64, "f0 83 08 01", "or MI 4/4/8 l 1 [0+-1<<0+0] 1"},
    /* andl $-16, (%rax)           */ {64, "83 20 f0", "and MI 4/4/8  4 [0+-1<<0+0] -16"},
    /* cmpl $0x10000, 8(%rdi)      */ {64, "81 7f 08 00 00 01 00", "cmp MI 4/4/8  7 [7+-1<<0+8] 65536"},
    /* add (%rdx), %r10d           */ {64, "44 03 12", "add RM 4/4/8 x 10 [2+-1<<0+0] 0"},
    /* testb $0x20, 5(%rdx)        */ {64, "f6 42 05 20", "test MI 1/1/8  0 [2+-1<<0+5] 32"},
    /* notl (%rax)                 */ {64, "f7 10", "not M 4/4/8  2 [0+-1<<0+0] 0"},
    /* incl (%rax)                 */ {64, "ff 00", "inc M 4/4/8  0 [0+-1<<0+0] 0"},
    /* pushq 8(%rax)               */ {64, "ff 70 08", "push M 8/8/8  6 [0+-1<<0+8] 0"},
    /* xchg %eax, (%rsi)           */ {64, "87 06", "xchg MR 4/4/8  0 [6+-1<<0+0] 0"},
    /* lock cmpxchg %ecx, (%rdi)   */ {64, "f0 0f b1 0f", "cmpxchg MR 4/4/8 l 1 [7+-1<<0+0] 0"},
    /* btsl $3, (%rax)             */ {64, "0f ba 28 03", "bts MI 4/4/8  5 [0+-1<<0+0] 3"},
    /* bt %ecx, (%rax)             */ {64, "0f a3 08", "bt MR 4/4/8  1 [0+-1<<0+0] 0"},
    /* mov %fs:(%rax), %al         */ {64, "64 8a 00", "mov RM 1/1/8 seg4 0 [0+-1<<0+0] 0"},
    /* mov %es:(%bx,%si), %ax      */ {16, "26 8b 00", "mov RM 2/2/2 seg0 0 [3+6<<0+0] 0"},
    /* mov 0x1234, %cx             */ {16, "8b 0e 34 12", "mov RM 2/2/2  1 [-1+-1<<0+4660] 0"},
    /* mov -2(%bp), %edx           */ {16, "66 8b 56 fe", "mov RM 4/4/2  2 [5+-1<<0-2] 0"},
    /* add %ecx, %r8d              */ {64, "41 01 c8", "add MR 4/4/8 x 1 8 0"},
    /* cpuid                       */ {64, "0f a2", "cpuid  4/4/8  0 0"},
    /* rex.w cpuid                 */ {64, "48 0f a2", "cpuid  8/8/8 x 0 0"},
    /* xsetbv                      */ {64, "0f 01 d1", "xsetbv  4/4/8  0 0"},
    /* hlt                         */ {32, "f4", "hlt  4/4/4  0 0"},
};
/* clang-format on */

#define TABLE_SIZE (sizeof(table) / sizeof(table[0]))

static unsigned parse(const char *hex, uint8_t bytes[INSN_MAX])
{
    unsigned count = 0;
    for (char *end; *hex; hex = end)
        bytes[count++] = (uint8_t)strtoul(hex, &end, 16);
    return count;
}

static void encodings_are_decoded(void **state)
{
    for (size_t n = 0; n < TABLE_SIZE; n++) {
        uint8_t bytes[INSN_MAX];
        unsigned count = parse(table[n].bytes, bytes);
        struct insn i;
        assert_int_equal(decode(bytes, count, table[n].bits, &i), DECODE_OK);
        assert_string_equal(describe(&i), table[n].text);
        assert_int_equal(i.length, count);
    }
}

static void every_beginning_of_an_instruction_is_short(void **state)
{
    for (size_t n = 0; n < TABLE_SIZE; n++) {
        uint8_t bytes[INSN_MAX];
        for (unsigned count = parse(table[n].bytes, bytes); count-- > 0;) {
            uint8_t *exact = malloc(count + 1);
            struct insn i;
            memcpy(exact, bytes, count);
            assert_int_equal(decode(exact, count, table[n].bits, &i), DECODE_SHORT);
            free(exact);
        }
    }
}

static void unknown_ones_are_refused(void **state)
{
    static const uint8_t bad[][INSN_MAX] = {
        {0x0f, 0x0b},             /* ud2 */
        {0x0f, 0x01, 0xd8},       /* vmrun */
        {0xc5, 0xf8, 0x28, 0x00}, /* vmovaps */
        {0x0f, 0x28, 0x00},       /* movaps */
        {0xff, 0x10},             /* call *(%rax) */
        {0xf7, 0x20},             /* mull (%rax) */
        {0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66},
    };
    for (size_t n = 0; n < sizeof(bad) / sizeof(bad[0]); n++) {
        struct insn i;
        assert_int_equal(decode(bad[n], INSN_MAX, 64, &i), DECODE_UNKNOWN);
    }
}

static void noise_does_no_harm(void **state)
{
    srand(1);
    for (unsigned n = 0; n < 300000; n++) {
        unsigned count = (unsigned)rand() % (INSN_MAX + 1);
        uint8_t *bytes = malloc(count + 1);
        struct insn i;
        for (unsigned k = 0; k < count; k++)
            bytes[k] = (uint8_t)rand();
        unsigned bits = 16u << (unsigned)rand() % 3;
        if (decode(bytes, count, bits, &i) == DECODE_OK) {
            assert_in_range(i.length, 1, count);
            assert_true(i.op < OP_UNKNOWN);
            assert_true(i.rm < 16 || i.rm == REG_NONE);
            assert_true(i.base < 16 || i.base == REG_NONE || i.base == REG_RIP);
            assert_true(i.index < 16 || i.index == REG_NONE);
        }
        free(bytes);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(encodings_are_decoded),
        cmocka_unit_test(every_beginning_of_an_instruction_is_short),
        cmocka_unit_test(unknown_ones_are_refused),
        cmocka_unit_test(noise_does_no_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

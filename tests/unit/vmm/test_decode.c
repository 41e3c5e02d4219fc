/* SPDX-License-Identifier: BSD-2-Clause */
// SOURCES: vmm/vcpu/decode.c
// CFLAGS: -Ivmm -Ilib/l4/include
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "l4/almond.h"
#include "vcpu/decode.h"

struct expected {
    const char *what;
    unsigned bits;
    uint8_t bytes[INSN_MAX];
    unsigned count;
    struct insn insn;
};

#define BYTES(...)  {__VA_ARGS__}, sizeof((uint8_t[]){__VA_ARGS__})
#define NO_REG      .rm = REG_NONE, .index = REG_NONE, .segment = SEG_DEFAULT
#define FORM(f)     .form = FORM_##f
#define SIZES(s, a) .size = s, .source_size = s, .address_size = a

static const struct expected table[] = {
    {"mov %eax, (%rdi)",
     64,
     BYTES(0x89, 0x07),
     {.op = OP_MOV, FORM(MR), SIZES(4, 8), NO_REG, .reg = L4_RAX, .base = L4_RDI}},
    {"mov 0x300(%rbx), %ecx",
     64,
     BYTES(0x8b, 0x8b, 0x00, 0x03, 0x00, 0x00),
     {.op = OP_MOV,
      FORM(RM),
      SIZES(4, 8),
      NO_REG,
      .reg = L4_RCX,
      .base = L4_RBX,
      .displacement = 0x300}},
    {"mov %r9, -8(%r12)",
     64,
     BYTES(0x4d, 0x89, 0x4c, 0x24, 0xf8),
     {.op = OP_MOV,
      FORM(MR),
      SIZES(8, 8),
      NO_REG,
      .rex = true,
      .reg = L4_R9,
      .base = L4_R12,
      .displacement = -8}},
    {"mov %sil, 1(%rax,%rcx,4)",
     64,
     BYTES(0x40, 0x88, 0x74, 0x88, 0x01),
     {.op = OP_MOV,
      FORM(MR),
      SIZES(1, 8),
      .rm = REG_NONE,
      .segment = SEG_DEFAULT,
      .rex = true,
      .reg = L4_RSI,
      .base = L4_RAX,
      .index = L4_RCX,
      .scale = 2,
      .displacement = 1}},
    {"mov %eax, 0xffffffffff5fb0b0",
     64,
     BYTES(0x89, 0x04, 0x25, 0xb0, 0xb0, 0x5f, 0xff),
     {.op = OP_MOV, FORM(MR), SIZES(4, 8), NO_REG, .base = REG_NONE, .displacement = -0xa04f50}},
    {"movl $0x12345678, 16(%rip)",
     64,
     BYTES(0xc7, 0x05, 0x10, 0x00, 0x00, 0x00, 0x78, 0x56, 0x34, 0x12),
     {.op = OP_MOV,
      FORM(MI),
      SIZES(4, 8),
      NO_REG,
      .base = REG_RIP,
      .displacement = 16,
      .immediate = 0x12345678}},
    {"movq $-1, (%rax)",
     64,
     BYTES(0x48, 0xc7, 0x00, 0xff, 0xff, 0xff, 0xff),
     {.op = OP_MOV,
      FORM(MI),
      SIZES(8, 8),
      NO_REG,
      .rex = true,
      .base = L4_RAX,
      .immediate = UINT64_MAX}},
    {"movw $0x1234, (%rax)",
     64,
     BYTES(0x66, 0xc7, 0x00, 0x34, 0x12),
     {.op = OP_MOV, FORM(MI), SIZES(2, 8), NO_REG, .base = L4_RAX, .immediate = 0x1234}},
    {"movabs 0xfee00020, %eax",
     64,
     BYTES(0xa1, 0x20, 0x00, 0xe0, 0xfe, 0x00, 0x00, 0x00, 0x00),
     {.op = OP_MOV, FORM(AM), SIZES(4, 8), NO_REG, .base = REG_NONE, .displacement = 0xfee00020}},
    {"mov %al, 0xfec00000",
     32,
     BYTES(0xa2, 0x00, 0x00, 0xc0, 0xfe),
     {.op = OP_MOV, FORM(MA), SIZES(1, 4), NO_REG, .base = REG_NONE, .displacement = 0xfec00000}},
    {"movzbl 4(%rdx), %eax",
     64,
     BYTES(0x0f, 0xb6, 0x42, 0x04),
     {.op = OP_MOVZX,
      FORM(RM),
      .size = 4,
      .source_size = 1,
      .address_size = 8,
      NO_REG,
      .base = L4_RDX,
      .displacement = 4}},
    {"movswq (%rsi), %r8",
     64,
     BYTES(0x4c, 0x0f, 0xbf, 0x06),
     {.op = OP_MOVSX,
      FORM(RM),
      .size = 8,
      .source_size = 2,
      .address_size = 8,
      NO_REG,
      .rex = true,
      .reg = L4_R8,
      .base = L4_RSI}},
    {"movslq (%rsi), %rax",
     64,
     BYTES(0x48, 0x63, 0x06),
     {.op = OP_MOVSX,
      FORM(RM),
      .size = 8,
      .source_size = 4,
      .address_size = 8,
      NO_REG,
      .rex = true,
      .base = L4_RSI}},
    {"rep movsl",
     64,
     BYTES(0xf3, 0xa5),
     {.op = OP_MOVS, FORM(STRING), SIZES(4, 8), NO_REG, .rep = true, .base = REG_NONE}},
    {"rep stosq",
     64,
     BYTES(0xf3, 0x48, 0xab),
     {.op = OP_STOS,
      FORM(STRING),
      SIZES(8, 8),
      NO_REG,
      .rep = true,
      .rex = true,
      .base = REG_NONE}},
    {"rep outsb (addr32)",
     64,
     BYTES(0x67, 0xf3, 0x6e),
     {.op = OP_OUTS, FORM(STRING), SIZES(1, 4), NO_REG, .rep = true, .base = REG_NONE}},
    {"lock orl $1, (%rax)",
     64,
     BYTES(0xf0, 0x83, 0x08, 0x01),
     {.op = OP_OR,
      FORM(MI),
      SIZES(4, 8),
      NO_REG,
      .lock = true,
      .reg = 1,
      .base = L4_RAX,
      .immediate = 1}},
    {"andl $-16, (%rax)",
     64,
     BYTES(0x83, 0x20, 0xf0),
     {.op = OP_AND,
      FORM(MI),
      SIZES(4, 8),
      NO_REG,
      .reg = 4,
      .base = L4_RAX,
      .immediate = (uint64_t)-16}},
    {"cmpl $0x10000, 8(%rdi)",
     64,
     BYTES(0x81, 0x7f, 0x08, 0x00, 0x00, 0x01, 0x00),
     {.op = OP_CMP,
      FORM(MI),
      SIZES(4, 8),
      NO_REG,
      .reg = 7,
      .base = L4_RDI,
      .displacement = 8,
      .immediate = 0x10000}},
    {"add (%rdx), %r10d",
     64,
     BYTES(0x44, 0x03, 0x12),
     {.op = OP_ADD, FORM(RM), SIZES(4, 8), NO_REG, .rex = true, .reg = L4_R10, .base = L4_RDX}},
    {"testb $0x20, 5(%rdx)",
     64,
     BYTES(0xf6, 0x42, 0x05, 0x20),
     {.op = OP_TEST,
      FORM(MI),
      SIZES(1, 8),
      NO_REG,
      .base = L4_RDX,
      .displacement = 5,
      .immediate = 0x20}},
    {"notl (%rax)",
     64,
     BYTES(0xf7, 0x10),
     {.op = OP_NOT, FORM(M), SIZES(4, 8), NO_REG, .reg = 2, .base = L4_RAX}},
    {"incl (%rax)",
     64,
     BYTES(0xff, 0x00),
     {.op = OP_INC, FORM(M), SIZES(4, 8), NO_REG, .base = L4_RAX}},
    {"pushq 8(%rax)",
     64,
     BYTES(0xff, 0x70, 0x08),
     {.op = OP_PUSH, FORM(M), SIZES(8, 8), NO_REG, .reg = 6, .base = L4_RAX, .displacement = 8}},
    {"xchg %eax, (%rsi)",
     64,
     BYTES(0x87, 0x06),
     {.op = OP_XCHG, FORM(MR), SIZES(4, 8), NO_REG, .base = L4_RSI}},
    {"lock cmpxchg %ecx, (%rdi)",
     64,
     BYTES(0xf0, 0x0f, 0xb1, 0x0f),
     {.op = OP_CMPXCHG,
      FORM(MR),
      SIZES(4, 8),
      NO_REG,
      .lock = true,
      .reg = L4_RCX,
      .base = L4_RDI}},
    {"btsl $3, (%rax)",
     64,
     BYTES(0x0f, 0xba, 0x28, 0x03),
     {.op = OP_BTS, FORM(MI), SIZES(4, 8), NO_REG, .reg = 5, .base = L4_RAX, .immediate = 3}},
    {"bt %ecx, (%rax)",
     64,
     BYTES(0x0f, 0xa3, 0x08),
     {.op = OP_BT, FORM(MR), SIZES(4, 8), NO_REG, .reg = L4_RCX, .base = L4_RAX}},
    {"mov %fs:(%rax), %al",
     64,
     BYTES(0x64, 0x8a, 0x00),
     {.op = OP_MOV,
      FORM(RM),
      SIZES(1, 8),
      .rm = REG_NONE,
      .index = REG_NONE,
      .segment = L4_SEG_FS,
      .base = L4_RAX}},
    {"mov %es:(%bx,%si), %ax",
     16,
     BYTES(0x26, 0x8b, 0x00),
     {.op = OP_MOV,
      FORM(RM),
      SIZES(2, 2),
      .rm = REG_NONE,
      .segment = L4_SEG_ES,
      .base = L4_RBX,
      .index = L4_RSI}},
    {"mov 0x1234, %cx (16)",
     16,
     BYTES(0x8b, 0x0e, 0x34, 0x12),
     {.op = OP_MOV,
      FORM(RM),
      SIZES(2, 2),
      NO_REG,
      .reg = L4_RCX,
      .base = REG_NONE,
      .displacement = 0x1234}},
    {"mov -2(%bp), %edx (16)",
     16,
     BYTES(0x66, 0x8b, 0x56, 0xfe),
     {.op = OP_MOV,
      FORM(RM),
      SIZES(4, 2),
      NO_REG,
      .reg = L4_RDX,
      .base = L4_RBP,
      .displacement = -2}},
    {"cpuid", 64, BYTES(0x0f, 0xa2), {.op = OP_CPUID, SIZES(4, 8), NO_REG, .base = REG_NONE}},
    {"rex.w cpuid",
     64,
     BYTES(0x48, 0x0f, 0xa2),
     {.op = OP_CPUID, SIZES(8, 8), NO_REG, .rex = true, .base = REG_NONE}},
    {"xsetbv",
     64,
     BYTES(0x0f, 0x01, 0xd1),
     {.op = OP_XSETBV, SIZES(4, 8), NO_REG, .base = REG_NONE}},
    {"hlt", 32, BYTES(0xf4), {.op = OP_HLT, SIZES(4, 4), NO_REG, .base = REG_NONE}},
};

static void check(const struct expected *e, const struct insn *i)
{
    struct insn want = e->insn;
    want.length = (uint8_t)e->count;
    if (memcmp(&want, i, sizeof(want)) != 0)
        fail_msg("%s: op %u form %u size %u/%u/%u seg %u reg %u rm %u base %u index %u*%u disp %ld "
                 "imm %lx length %u",
                 e->what, i->op, i->form, i->size, i->source_size, i->address_size, i->segment,
                 i->reg, i->rm, i->base, i->index, i->scale, i->displacement, i->immediate,
                 i->length);
}

static void encodings_are_decoded(void **state)
{
    for (size_t n = 0; n < sizeof(table) / sizeof(table[0]); n++) {
        struct insn i;
        memset(&i, 0, sizeof(i));
        assert_int_equal(decode(table[n].bytes, table[n].count, table[n].bits, &i), DECODE_OK);
        check(&table[n], &i);
    }
}

static void every_prefix_of_an_instruction_is_short(void **state)
{
    for (size_t n = 0; n < sizeof(table) / sizeof(table[0]); n++) {
        for (unsigned count = 0; count < table[n].count; count++) {
            uint8_t *exact = malloc(count + 1);
            struct insn i;
            memcpy(exact, table[n].bytes, count);
            assert_int_equal(decode(exact, count, table[n].bits, &i), DECODE_SHORT);
            free(exact);
        }
    }
}

static void register_operands_are_told_from_memory(void **state)
{
    const uint8_t add[] = {0x41, 0x01, 0xc8}; /* add %ecx, %r8d */
    struct insn i;
    assert_int_equal(decode(add, sizeof(add), 64, &i), DECODE_OK);
    assert_int_equal(i.rm, L4_R8);
    assert_int_equal(i.reg, L4_RCX);
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
        cmocka_unit_test(every_prefix_of_an_instruction_is_short),
        cmocka_unit_test(register_operands_are_told_from_memory),
        cmocka_unit_test(unknown_ones_are_refused),
        cmocka_unit_test(noise_does_no_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

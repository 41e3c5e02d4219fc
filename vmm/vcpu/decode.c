/* SPDX-License-Identifier: BSD-2-Clause */
#include "vcpu/decode.h"

#include "l4/almond.h"

/* opcode.flags */
#define F_BYTE  0x01u /* operands are bytes                             */
#define F_IMM8  0x02u /* the immediate is one byte, sign-extended       */
#define F_SRC8  0x04u /* the memory operand is a byte                   */
#define F_SRC16 0x08u
#define F_SRC32 0x10u
#define F_GROUP 0x20u /* ModRM.reg selects the instruction, see group() */
#define F_64    0x40u /* only in 64-bit mode                            */
#define F_MODRM 0x80u /* plain instructions told apart by their ModRM   */

struct opcode {
    uint8_t op, form, flags, known;
};

/* clang-format off */
#define ENTRY(o, f, x)   {OP_##o, FORM_##f, x, 1}
/* An opcode for bytes and the next one for words. */
#define PAIR(n, o, f, x) [n] = ENTRY(o, f, (x) | F_BYTE), [n + 1] = ENTRY(o, f, x)
#define ALU(n, o)        PAIR(n, o, MR, 0), PAIR(n + 2, o, RM, 0)

static const struct opcode one_byte[256] = {
    ALU(0x00, ADD), ALU(0x08, OR), ALU(0x10, ADC), ALU(0x18, SBB),
    ALU(0x20, AND), ALU(0x28, SUB), ALU(0x30, XOR), ALU(0x38, CMP),
    [0x63] = ENTRY(MOVSX, RM, F_SRC32 | F_64),
    PAIR(0x6c, INS, STRING, 0),
    PAIR(0x6e, OUTS, STRING, 0),
    PAIR(0x80, ADD, MI, F_GROUP),
    [0x83] = ENTRY(ADD, MI, F_GROUP | F_IMM8),
    PAIR(0x84, TEST, MR, 0),
    PAIR(0x86, XCHG, MR, 0),
    PAIR(0x88, MOV, MR, 0),
    PAIR(0x8a, MOV, RM, 0),
    [0x90] = ENTRY(PAUSE, NONE, 0),
    PAIR(0xa0, MOV, AM, 0),
    PAIR(0xa2, MOV, MA, 0),
    PAIR(0xa4, MOVS, STRING, 0),
    PAIR(0xaa, STOS, STRING, 0),
    PAIR(0xac, LODS, STRING, 0),
    PAIR(0xc6, MOV, MI, F_GROUP),
    [0xf4] = ENTRY(HLT, NONE, 0),
    PAIR(0xf6, TEST, MI, F_GROUP),
    PAIR(0xfe, INC, M, F_GROUP),
};

static const struct opcode two_byte[256] = {
    [0x01] = ENTRY(UNKNOWN, NONE, F_MODRM),
    [0x08] = ENTRY(INVD, NONE, 0),
    [0x09] = ENTRY(WBINVD, NONE, 0),
    [0x30] = ENTRY(WRMSR, NONE, 0),
    [0x31] = ENTRY(RDTSC, NONE, 0),
    [0x32] = ENTRY(RDMSR, NONE, 0),
    [0x33] = ENTRY(RDPMC, NONE, 0),
    [0xa2] = ENTRY(CPUID, NONE, 0),
    [0xa3] = ENTRY(BT, MR, 0),
    [0xab] = ENTRY(BTS, MR, 0),
    [0xb3] = ENTRY(BTR, MR, 0),
    [0xba] = ENTRY(BT, MI, F_GROUP | F_IMM8),
    [0xbb] = ENTRY(BTC, MR, 0),
    PAIR(0xb0, CMPXCHG, MR, 0),
    [0xb6] = ENTRY(MOVZX, RM, F_SRC8),
    [0xb7] = ENTRY(MOVZX, RM, F_SRC16),
    [0xbe] = ENTRY(MOVSX, RM, F_SRC8),
    [0xbf] = ENTRY(MOVSX, RM, F_SRC16),
    PAIR(0xc0, XADD, MR, 0),
    [0xc3] = ENTRY(MOV, MR, 0),
};
/* clang-format on */

struct reader {
    const uint8_t *bytes;
    unsigned count, at;
    unsigned bits; /* the mode */
    uint8_t rex;
    bool operand_prefix, address_prefix;
    bool ended; /* ran out of bytes */
};

static uint8_t next(struct reader *r)
{
    if (r->at >= r->count) {
        r->ended = true;
        return 0;
    }
    return r->bytes[r->at++];
}

static uint64_t next_unsigned(struct reader *r, unsigned size)
{
    uint64_t value = 0;
    for (unsigned i = 0; i < size; i++)
        value |= (uint64_t)next(r) << 8 * i;
    return value;
}

static int64_t next_signed(struct reader *r, unsigned size)
{
    unsigned unused = 64 - 8 * size;
    return (int64_t)(next_unsigned(r, size) << unused) >> unused;
}

/* Takes one prefix; false if the byte is none. */
static bool prefix(struct reader *r, uint8_t byte, struct insn *insn)
{
    static const uint8_t by_code[4] = {L4_SEG_ES, L4_SEG_CS, L4_SEG_SS, L4_SEG_DS};
    switch (byte) {
    case 0x26:
    case 0x2e:
    case 0x36:
    case 0x3e:
        if (r->bits != 64)
            insn->segment = by_code[byte >> 3 & 3];
        return true;
    case 0x64:
        insn->segment = L4_SEG_FS;
        return true;
    case 0x65:
        insn->segment = L4_SEG_GS;
        return true;
    case 0x66:
        r->operand_prefix = true;
        return true;
    case 0x67:
        r->address_prefix = true;
        return true;
    case 0xf0:
        insn->lock = true;
        return true;
    case 0xf2:
        insn->repne = true;
        return true;
    case 0xf3:
        insn->rep = true;
        return true;
    default:
        return false;
    }
}

/* The opcode's first byte, behind all prefixes.  REX counts only right before it. */
static uint8_t prefixes(struct reader *r, struct insn *insn)
{
    for (;;) {
        uint8_t byte = next(r);
        if (r->bits == 64 && (byte & 0xf0) == 0x40 && !r->ended) {
            r->rex = byte;
            continue;
        }
        if (r->ended || !prefix(r, byte, insn))
            return byte;
        r->rex = 0;
    }
}

static void sizes(struct reader *r, uint8_t flags, struct insn *insn)
{
    unsigned small = r->bits == 16 ? 2 : 4, other = r->bits == 16 ? 4 : 2;
    insn->size = (uint8_t)(r->operand_prefix ? other : small);
    if (r->rex & 8)
        insn->size = 8;
    if (flags & F_BYTE)
        insn->size = 1;
    if (r->bits == 64)
        insn->address_size = r->address_prefix ? 4 : 8;
    else
        insn->address_size = (uint8_t)(r->address_prefix ? other : small);
    insn->source_size = insn->size;
    if (flags & F_SRC8)
        insn->source_size = 1;
    else if (flags & F_SRC16)
        insn->source_size = 2;
    else if (flags & F_SRC32)
        insn->source_size = 4;
}

static void address16(struct reader *r, uint8_t mod, uint8_t rm, struct insn *insn)
{
    static const uint8_t bases[8] = {L4_RBX, L4_RBX, L4_RBP, L4_RBP,
                                     L4_RSI, L4_RDI, L4_RBP, L4_RBX};
    static const uint8_t indexes[8] = {L4_RSI,   L4_RDI,   L4_RSI,   L4_RDI,
                                       REG_NONE, REG_NONE, REG_NONE, REG_NONE};
    if (mod == 0 && rm == 6) {
        insn->displacement = next_signed(r, 2);
        return;
    }
    insn->base = bases[rm];
    insn->index = indexes[rm];
    if (mod != 0)
        insn->displacement = next_signed(r, mod == 1 ? 1 : 2);
}

static void address_sib(struct reader *r, uint8_t mod, struct insn *insn)
{
    uint8_t sib = next(r);
    uint8_t index = (uint8_t)((sib >> 3 & 7) | (r->rex & 2) << 2);
    insn->scale = sib >> 6;
    insn->index = index == L4_RSP ? REG_NONE : index;
    insn->base = (uint8_t)((sib & 7) | (r->rex & 1) << 3);
    if ((sib & 7) == 5 && mod == 0) {
        insn->base = REG_NONE;
        insn->displacement = next_signed(r, 4);
    }
}

/* A memory operand of 32- or 64-bit addressing. */
static void address32(struct reader *r, uint8_t mod, uint8_t rm, struct insn *insn)
{
    if (rm == 4) {
        address_sib(r, mod, insn);
    } else if (rm == 5 && mod == 0) {
        insn->base = r->bits == 64 ? REG_RIP : REG_NONE;
        insn->displacement = next_signed(r, 4);
    } else {
        insn->base = (uint8_t)(rm | (r->rex & 1) << 3);
    }
    if (mod != 0)
        insn->displacement = next_signed(r, mod == 1 ? 1 : 4);
}

static void modrm(struct reader *r, struct insn *insn)
{
    uint8_t byte = next(r), mod = byte >> 6, rm = byte & 7;
    insn->reg = (uint8_t)((byte >> 3 & 7) | (r->rex & 4) << 1);
    if (mod == 3)
        insn->rm = (uint8_t)(rm | (r->rex & 1) << 3);
    else if (insn->address_size == 2)
        address16(r, mod, rm, insn);
    else
        address32(r, mod, rm, insn);
}

/* Resolve a group by ModRM.reg; some members have another form than the group. */
static bool group(uint8_t opcode, bool two, struct insn *insn)
{
    static const uint8_t f6[8] = {OP_TEST,    OP_TEST,    OP_NOT,     OP_NEG,
                                  OP_UNKNOWN, OP_UNKNOWN, OP_UNKNOWN, OP_UNKNOWN};
    unsigned member = insn->reg & 7;
    if (two) {
        insn->op = (uint8_t)(OP_BT + member - 4);
        return member >= 4;
    }
    switch (opcode) {
    case 0x80:
    case 0x81:
    case 0x83:
        insn->op = (uint8_t)(OP_ADD + member);
        return true;
    case 0xc6:
    case 0xc7:
        return member == 0;
    case 0xf6:
    case 0xf7:
        insn->op = f6[member];
        if (insn->op != OP_TEST)
            insn->form = FORM_M;
        return insn->op != OP_UNKNOWN;
    case 0xff:
        if (member == 6)
            insn->op = OP_PUSH;
        else if (member == 1)
            insn->op = OP_DEC;
        return member < 2 || member == 6;
    default:
        insn->op = (uint8_t)(OP_INC + member);
        return member < 2;
    }
}

static bool plain_by_modrm(uint8_t byte, struct insn *insn)
{
    switch (byte) {
    case 0xc8:
        insn->op = OP_MONITOR;
        return true;
    case 0xc9:
        insn->op = OP_MWAIT;
        return true;
    case 0xd1:
        insn->op = OP_XSETBV;
        return true;
    case 0xd9:
        insn->op = OP_VMMCALL;
        return true;
    case 0xf9:
        insn->op = OP_RDTSCP;
        return true;
    default:
        return false;
    }
}

/* What follows the opcode. */
static bool operands(struct reader *r, uint8_t opcode, bool two, uint8_t flags, struct insn *insn)
{
    switch (insn->form) {
    case FORM_NONE:
        return !(flags & F_MODRM) || plain_by_modrm(next(r), insn);
    case FORM_STRING:
        return true;
    case FORM_MA:
    case FORM_AM:
        insn->displacement = (int64_t)next_unsigned(r, insn->address_size);
        return true;
    default:
        break;
    }
    modrm(r, insn);
    if ((flags & F_GROUP) && !group(opcode, two, insn))
        return false;
    if (insn->form == FORM_MI) {
        unsigned bytes = flags & F_IMM8 || insn->size == 1 ? 1 : insn->size == 2 ? 2 : 4;
        insn->immediate = (uint64_t)next_signed(r, bytes);
    }
    if (insn->op == OP_PUSH && r->bits == 64 && insn->size == 4)
        insn->size = insn->source_size = 8;
    return true;
}

enum decode_result decode(const uint8_t *bytes, unsigned count, unsigned bits, struct insn *insn)
{
    struct reader r = {.bytes = bytes, .count = count > INSN_MAX ? INSN_MAX : count, .bits = bits};
    *insn = (struct insn){.segment = SEG_DEFAULT,
                          .rm = REG_NONE,
                          .base = REG_NONE,
                          .index = REG_NONE,
                          .op = OP_UNKNOWN};
    uint8_t opcode = prefixes(&r, insn);
    bool two = opcode == 0x0f && !r.ended;
    if (two)
        opcode = next(&r);
    if (r.ended)
        return count < INSN_MAX ? DECODE_SHORT : DECODE_UNKNOWN;
    const struct opcode *o = two ? &two_byte[opcode] : &one_byte[opcode];
    if (!o->known || ((o->flags & F_64) && bits != 64))
        return DECODE_UNKNOWN;
    insn->op = o->op;
    insn->form = o->form;
    insn->rex = r.rex != 0;
    sizes(&r, o->flags, insn);
    bool known = operands(&r, opcode, two, o->flags, insn);
    if (r.ended)
        return count < INSN_MAX ? DECODE_SHORT : DECODE_UNKNOWN;
    insn->length = (uint8_t)r.at;
    return known ? DECODE_OK : DECODE_UNKNOWN;
}

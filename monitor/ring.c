/* SPDX-License-Identifier: BSD-2-Clause */
#include "ring.h"

#include <marzipan/console.h>
#include <marzipan/native.h>

#include "log.h"

#define BUSY_US  1000u /* so long the parent is waited for   */
#define AGAIN_MS 20u   /* and so long it is then left alone */

/* As much as fits; false: nothing is left for the parent. */
static bool fill(struct fifo *queue)
{
    uint8_t byte;

    while (native_room() && fifo_get(queue, &byte, 1))
        native_put(byte);
    return native_room() < MZ_OUT_SIZE;
}

uint64_t ring_pump(struct fifo *queue)
{
    static uint64_t again_ms;

    while (fill(queue)) {
        if (again_ms > now_ms())
            return again_ms - now_ms() + 1;
        L4_Set_MsgTag(L4_MakeTag(MZ_LABEL_CONSOLE_FLUSH, 0, 0));
        if (L4_IpcFailed(L4_Call_Timeouts(native_monitor(), L4_Never, L4_TimePeriod(BUSY_US))))
            again_ms = now_ms() + AGAIN_MS;
    }
    return 0;
}

void ring_drain(struct fifo *queue)
{
    while (fill(queue))
        mz_console_flush(native_monitor());
}

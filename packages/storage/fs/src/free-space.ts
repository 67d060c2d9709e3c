/** Whether everything that a storage will hold fits on the disk. Checked when the first checkpoint shows the size. */
import { statfs } from 'node:fs/promises'
import { CheckpointScheduleError } from '@checkpoint-schedules/core'
import type { NeededSpace } from '@checkpoint-schedules/storage-slots'

/**
 * Checks that `limit` slots fit, if the file system reports its free space.
 *
 * @throws `STORE_FAILED`
 */
export async function checkSpace(
  directory: string,
  { storage, limit, slotBytes }: NeededSpace,
): Promise<void> {
  const { bavail, bsize, blocks } = await statfs(directory)
  const [needed, free] = [limit * slotBytes, bavail * bsize]
  if (blocks === 0 || needed <= free) return // some file systems do not report it
  throw new CheckpointScheduleError(
    'STORE_FAILED',
    `fileStore: ${storage} needs ${limit} x ${slotBytes} = ${needed} bytes and ${directory} has ${free} free. ` +
      'Free some space, keep fewer checkpoints on disk, or choose another directory.',
    { details: { storage, limit, slotBytes, needed, free, directory } },
  )
}

/** The synchronous files of a worker. TypeScript knows them only where there are no pages. */

/** A file that is open in this worker, and nowhere else. Some methods return promises in older browsers. */
export interface SyncHandle {
  read(into: Uint8Array, options: { readonly at: number }): number
  write(bytes: Uint8Array, options: { readonly at: number }): number
  truncate(size: number): void | Promise<void>
  getSize(): number | Promise<number>
  flush(): void | Promise<void>
  close(): void | Promise<void>
}

const PATIENCE_MS = 5000

/** Opens a file, which is created if asked for. @throws `NotFoundError` */
export async function openHandle(
  folder: FileSystemDirectoryHandle,
  name: string,
  create: boolean,
): Promise<SyncHandle> {
  const file = (await folder.getFileHandle(name, { create })) as FileSystemFileHandle & {
    createSyncAccessHandle(): Promise<SyncHandle>
  }
  return patiently(() => file.createSyncAccessHandle())
}

/** Removes a file or a folder, if it is there. */
export async function removeEntry(folder: FileSystemDirectoryHandle, name: string): Promise<void> {
  await patiently(() => folder.removeEntry(name, { recursive: true })).catch((error: Error) => {
    if (error.name !== 'NotFoundError') throw error
  })
}

/** Retries while another one has the file: a tab that has died gives its files back a little later than its lock. */
async function patiently<T>(work: () => Promise<T>): Promise<T> {
  for (let waited = 0, wait = 1; ; waited += wait, wait = Math.min(2 * wait, 200)) {
    try {
      return await work()
    } catch (error) {
      if ((error as Error).name !== 'NoModificationAllowedError' || waited >= PATIENCE_MS) throw error
      await new Promise((resolve) => setTimeout(resolve, wait))
    }
  }
}

/** Starts the worker that plans. */
export const newWorker = () => new Worker(new URL('./plan-worker.ts', import.meta.url), { type: 'module' })

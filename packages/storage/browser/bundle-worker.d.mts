export function workerText(): Promise<string>

// The time of a piece of work within one process: CPU time, which other programs on the machine disturb less, and wall time.

/** The median of some numbers. */
export function median(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b)
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2
}

/** CPU time of this process so far (ms), with that of V8's own threads. */
export function cpuTime() {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

/**
 * The CPU and wall time (ms) of one call of `run`, which may be asynchronous: the least of the calls that fit into `spend` ms of CPU
 * time, at least `least`, after `warmUp` ms of calls that are not counted. Garbage is collected within the calls, as in a user's run.
 */
export async function timed(run, { warmUp = 200, spend = 150, least = 3 } = {}) {
  const started = cpuTime()
  while (cpuTime() - started < warmUp) await run()
  const from = cpuTime()
  let fastest = { cpu: Infinity, wall: Infinity }
  for (let calls = 0; calls < least || cpuTime() - from < spend; calls++) {
    const { cpu, wall } = await once(run)
    fastest = { cpu: Math.min(cpu, fastest.cpu), wall: Math.min(wall, fastest.wall) }
  }
  return fastest
}

/** The CPU and wall time (ms) of a single call. */
export async function once(run) {
  const [cpu, wall] = [cpuTime(), performance.now()]
  await run()
  return { cpu: cpuTime() - cpu, wall: performance.now() - wall }
}

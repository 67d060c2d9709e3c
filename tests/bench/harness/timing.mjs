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
 * The CPU and wall time (ms) of one call of `run`, which may be asynchronous: the least of all calls. They are repeated for `spend` ms
 * of CPU time, and until they stop getting faster, as V8 takes its time to compile what is hot, more of it on a busy machine; for at
 * most `most` ms. Garbage is collected within the calls, as in a user's run.
 */
export async function timed(run, { spend = 200, most = 800 } = {}) {
  const started = cpuTime()
  const fastest = { cpu: Infinity, wall: Infinity }
  for (let calls = 1, noFaster = 0; ; calls++) {
    const { cpu, wall } = await once(run)
    noFaster = cpu < 0.98 * fastest.cpu ? 0 : noFaster + 1
    fastest.cpu = Math.min(cpu, fastest.cpu)
    fastest.wall = Math.min(wall, fastest.wall)
    const spent = cpuTime() - started
    if ((spent >= spend && noFaster >= 5) || (spent >= most && calls >= 3)) return fastest
  }
}

/** The CPU and wall time (ms) of a single call. */
export async function once(run) {
  const [cpu, wall] = [cpuTime(), performance.now()]
  await run()
  return { cpu: cpuTime() - cpu, wall: performance.now() - wall }
}

// Whether other programs want the processors too: then CPU time is inflated as well, by shared caches and cores.
import { cpuTime } from './timing.mjs'

const SPIN = 25
const MOST = 0.1

/** Whether a program that waits for this share of the time is on a machine too busy for a verdict. */
export const isBusy = (share) => share > MOST

/** The share of 25 ms of wall time in which a program that never waits did not run. */
export function waitingShare() {
  const [cpu, wall] = [cpuTime(), performance.now()]
  while (performance.now() - wall < SPIN);
  return Math.max(0, 1 - (cpuTime() - cpu) / (performance.now() - wall))
}

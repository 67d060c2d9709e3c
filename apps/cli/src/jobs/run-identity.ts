/** What a run on a queue is a sum of: told by its fingerprint, which is text from Redis and so foreign. */
import type { KnownRun } from '@checkpoint-schedules/jobs'
import { controlDigest } from '../parts/control.js'
import { differenceOf, type Maker, showMaker, type SumIdentity, thisMaker } from '../parts/identity.js'

/** What workers of a run must have in common: the sum, but for its control, and the version. */
export interface RunIdentity {
  readonly identity: SumIdentity
  readonly maker: Maker
}

/** The fingerprint of what this program computes. */
export function fingerprintOfRuns(identity: SumIdentity): string {
  return JSON.stringify({ identity, maker: thisMaker() } satisfies RunIdentity)
}

/** What a fingerprint tells; `undefined` if another program made it. */
export function parseFingerprint(text: string): RunIdentity | undefined {
  try {
    const { identity, maker } = JSON.parse(text) as RunIdentity
    const { model, options, inputs, steps, parts } = identity
    const isOurs =
      typeof model === 'string' &&
      typeof options === 'object' &&
      options !== null &&
      Array.isArray(inputs) &&
      inputs.every((input) => typeof input === 'string') &&
      (steps === null || Number.isSafeInteger(steps)) &&
      Number.isSafeInteger(parts) &&
      typeof maker.program === 'string' &&
      typeof maker.node === 'string'
    if (!isOurs) return undefined
    return {
      identity: { model, options, inputs, steps, parts },
      maker: { program: maker.program, node: maker.node },
    }
  } catch {
    return undefined
  }
}

/** The identity of the sum, as `gradient` gives it to its directory. */
export function sumOf({ control }: KnownRun, { identity }: RunIdentity): SumIdentity {
  return control === undefined
    ? identity
    : { ...identity, inputs: [...identity.inputs, controlDigest(control)] }
}

/** Why a worker leaves a run to others, as a clause. */
export function whyForeign({ fingerprint, place }: KnownRun, own: SumIdentity): string {
  const theirs = parseFingerprint(fingerprint)
  if (theirs === undefined) return 'it was submitted by another program'
  const difference = differenceOf(theirs.identity, own)
  if (difference !== undefined) return `its ${difference} here`
  if (fingerprint === fingerprintOfRuns(own))
    return place === 'store'
      ? 'its results go to an object store, which --store names'
      : 'its results go to Redis, without --store'
  return `it was submitted by ${showMaker(theirs.maker)}, and this is ${showMaker(thisMaker())}`
}

/** The driver's side of a journal: when to make a durable point, what identifies the run, and what the journal costs. */
import {
  type HeldCheckpoint,
  type JournalPoint,
  type JournalStatistics,
  type OpenJournal,
  type RunIdentity,
  treeCodec,
} from '@checkpoint-schedules/model'
import type { RunAdjointOptions } from '../run/run-options.js'
import { type Digest, digestOf } from '../replay/digest.js'

export class JournalKeeper {
  readonly journal: OpenJournal
  #since = 0
  #timeMs = 0

  constructor(journal: OpenJournal) {
    this.journal = journal
  }

  /** The run has taken `count` more steps. Says whether it is time for a durable point. */
  stepped(count: number): boolean {
    this.#since += count
    return this.journal.isDue(this.#since)
  }

  /** Makes the point durable. */
  async commit(point: JournalPoint): Promise<void> {
    const started = performance.now()
    await this.journal.commit(point)
    this.#since = 0
    this.#timeMs += performance.now() - started
  }

  get statistics(): JournalStatistics {
    return { ...this.journal.statistics, timeMs: this.#timeMs }
  }
}

/** What makes a checkpoint one of a kind, for sets. */
export const keyOf = ({ storage, step, kind }: HeldCheckpoint) => `${step} ${kind} ${storage}`

/** What makes this run the same as an earlier one. Cost: one pass over the initial state. */
export async function identityOf<State, Tape, Adjoint>(
  options: RunAdjointOptions<State, Tape, Adjoint>,
): Promise<RunIdentity> {
  const { schedule, model, steps, adjoints, initialState, terminalAdjoint } = options
  const { name, options: scheduleOptions, steps: planned, adjoints: permitted } = schedule.manifest
  const { state = treeCodec, adjoint = treeCodec } = model.codecs ?? {}
  const isMade = typeof terminalAdjoint === 'function' || terminalAdjoint === undefined
  return {
    schedule: name,
    options: scheduleOptions,
    steps: steps ?? planned,
    adjoints: adjoints ?? (permitted === 0 ? 0 : 1),
    model: model.fingerprint ?? null,
    initialState: hex(await digestOf(initialState, state)),
    terminalAdjoint: isMade ? null : hex(await digestOf(terminalAdjoint, adjoint)),
  }
}

function hex(digest: Digest): string {
  const words = digest.map((word) => (word >>> 0).toString(16).padStart(8, '0'))
  // A tree of very many fields has a long digest: its beginning and its sum will do.
  if (words.length <= 8) return words.join('')
  const sum = digest.reduce((total, word) => Math.imul(total, 31) + word, 0) >>> 0
  return `${words.slice(0, 7).join('')}${sum.toString(16).padStart(8, '0')}`
}

/** What the page and its worker tell each other. All of it can be cloned. */
import type { Budget, Chosen } from './gradient-within.js'
import type { InversionSettings } from './problem.js'

export type ToWorker =
  /** Shows what an earlier visit left, and computes nothing. */
  | { readonly type: 'look'; readonly settings: InversionSettings }
  | {
      readonly type: 'run'
      readonly settings: InversionSettings
      readonly budget: Budget
      /** Waits for ever in gradient `gradient`, counted from 1, when `reversed` steps of it are reversed. */
      readonly hold?: { readonly gradient: number; readonly reversed: number } | undefined
    }
  /** From the next gradient on. */
  | { readonly type: 'budget'; readonly budget: Budget }
  | { readonly type: 'pause' }
  | { readonly type: 'clear'; readonly settings: InversionSettings }

/** A point of the search. Velocities in m/s, the gradient per m/s. */
export interface Shown {
  readonly iteration: number
  readonly velocity: Float64Array
  readonly gradient: Float64Array
  /** Misfits of the iterations so far. */
  readonly misfits: readonly number[]
  /** SHA-256 of the velocity and the misfits: equal only if all bits are. */
  readonly digest: string
}

export interface Memory {
  /** Most bytes held at once, as measured: in memory, and of checkpoints on disk. */
  readonly peak: number
  readonly onDisk: number
  /** The most checkpoints, in words. */
  readonly held: string
  readonly forwardSteps: number
  readonly recomputeFactor: number
}

export type FromWorker =
  | {
      readonly type: 'found'
      readonly shape: readonly [depth: number, distance: number]
      readonly truth: Float64Array
      /** Bytes for the smallest budget, and to keep all tapes. */
      readonly least: number
      readonly all: number
      readonly isEnded: boolean
      /** Evaluations that are kept. */
      readonly evaluations: number
      /** Steps that the gradient under way has reversed, if one is under way: -1 in its forward. */
      readonly reversed: number | undefined
      /** Where it is kept; `undefined` if nowhere, and then why. */
      readonly medium: string | undefined
      readonly why: string | undefined
    }
  | { readonly type: 'iteration'; readonly shown: Shown }
  | { readonly type: 'waiting' | 'holding' | 'paused' | 'ended' | 'elsewhere' }
  | {
      readonly type: 'chosen'
      readonly chosen: Chosen
      readonly gradient: number
      readonly resumedAt: number | undefined
    }
  | {
      readonly type: 'progress'
      readonly phase: string
      readonly fraction: number
      readonly reversed: number
    }
  | { readonly type: 'measured'; readonly memory: Memory; readonly chosen: Chosen }
  | { readonly type: 'notice'; readonly text: string }
  | { readonly type: 'failed'; readonly message: string }

export type Found = Extract<FromWorker, { type: 'found' }>
export type Progress = Extract<FromWorker, { type: 'progress' }>

/** What the wave problem's state, tape and adjoint are made of. All fields have shots outermost, then padded rows. */
import type { NumericArray } from '@checkpoint-schedules/core'

/** What we make for an array option. */
export interface Float64Grid extends NumericArray {
  readonly data: Float64Array
}

/** The state at the start of a step. */
export interface Wave2dState {
  /** The field now, shots × padded cells, zero in the halo. */
  current: Float64Array
  /** The field one step ago. */
  previous: Float64Array
  /** The misfit of the steps taken so far. */
  misfit: number
}

/** What the adjoint of a step needs. Together half the size of a state. */
export interface Wave2dTape {
  /** `Δx² ∇²` of the field before the step, shots × cells without the halo. */
  readonly laplacian: Float64Array
  /** The field after the step less the data, shots × receivers. */
  readonly residuals: Float64Array
}

/** The derivative of the objective by the state, and what it has gathered so far by the parameter; also the tangent. */
export interface Wave2dAdjoint {
  current: Float64Array
  previous: Float64Array
  misfit: number
  /** By `(c Δt / Δx)²` in each padded cell, all shots together. */
  readonly squaredCourant: Float64Array
}

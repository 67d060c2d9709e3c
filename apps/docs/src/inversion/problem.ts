/** The inverse problem of the page: which velocity explains the records of a few shots? All of it is made here; nothing is loaded. */
import { layeredVelocity, recordShots, wave2d } from '@checkpoint-schedules/models'

/** What may be asked for in the page's address, such as `?steps=60&shots=1&iterations=3`. */
export interface InversionSettings {
  readonly steps: number
  readonly shots: number
  /** Grid points in depth and in distance. */
  readonly depth: number
  readonly distance: number
  readonly iterations: number
}

export type SettingName = keyof InversionSettings

const ranges: Readonly<Record<SettingName, readonly [least: number, most: number, usual: number]>> = {
  steps: [20, 2000, 400],
  shots: [1, 8, 4],
  depth: [16, 120, 44],
  distance: [16, 200, 80],
  iterations: [1, 200, 40],
}

/** The settings of an address. @throws a sentence, if one of them is out of its range */
export function settingsFrom(query: string): InversionSettings {
  const given = new URLSearchParams(query.slice(0, 1000))
  const entries = Object.entries(ranges).map(([name, [least, most, usual]]) => {
    const text = given.get(name)
    const value = text === null || !/^\d{1,9}$/.test(text) ? Number.NaN : Number(text)
    if (text !== null && !(value >= least && value <= most))
      throw new Error(
        `${name} must be an integer from ${least} to ${most}; got ${JSON.stringify(text.slice(0, 40))}. Correct the page's address.`,
      )
    return [name, text === null ? usual : value]
  })
  return Object.fromEntries(entries) as InversionSettings
}

/** The name under which a browser keeps the inversion: only runs of the same problem share it. */
export function nameOf({ steps, shots, depth, distance }: InversionSettings): string {
  return `inversion-${steps}-${shots}-${depth}x${distance}`
}

const physics = { absorbingWidth: 20, spacing: 10, timeStep: 0.0015, peakFrequency: 10 }
/** Metres per second in one unit of the control, so that the first step of the search has about the right length. */
const UNIT = 1000
/** Velocities in m/s outside these are not tried: faster ones would need a smaller time step. */
const [SLOWEST, FASTEST] = [1000, 4000]

/** The problem at a control: zeros are where the inversion starts. */
export type InverseProblem = ReturnType<typeof inverseProblem>
export type WaveProblem = ReturnType<typeof wave2d>

export function inverseProblem({ steps, shots, depth, distance }: InversionSettings) {
  const shape = [depth, distance] as const
  const truth = layeredVelocity({ shape, lens: true })
  const start = layeredVelocity({ shape, lens: false, smoothing: 4 })
  const observed = recordShots({
    velocity: truth,
    steps,
    shots,
    receivers: Math.floor(distance / 2),
    ...physics,
  })
  const velocityAt = (control: Float64Array) => control.map((it, i) => start.data[i]! + UNIT * it)
  return {
    steps,
    shape,
    truth: truth.data,
    origin: new Float64Array(depth * distance),
    velocityAt,
    allows: (control: Float64Array) => velocityAt(control).every((it) => it > SLOWEST && it < FASTEST),
    at: (control: Float64Array): WaveProblem =>
      wave2d({ velocity: start, observed, ...physics }, velocityAt(control)),
    /** The gradient with respect to the control, of that with respect to the velocity. */
    gradientOf: (byVelocity: Float64Array) => byVelocity.map((it) => UNIT * it),
  }
}

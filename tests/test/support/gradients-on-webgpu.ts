/** Runs in a page, bundled by `webgpu.test.ts`: gradients by a library on WebGPU, as numbers. */
import type { Objective } from '@checkpoint-schedules/autodiff'
import type { CheckpointKey, Store } from '@checkpoint-schedules/driver'
import { multistage } from '@checkpoint-schedules/multistage'
import { online } from '@checkpoint-schedules/online'
import { jaxjs } from '@checkpoint-schedules/autodiff-jax'
import { tfjs } from '@checkpoint-schedules/autodiff-tfjs'
import { array, burgers, jax, lorenz, lorenzPoint, numbers, type Setting, tf } from './autodiff.js'
import '@tensorflow/tfjs-backend-webgpu'

export type Library = 'tfjs' | 'jax-js'
/** Value and gradient under one schedule. */
export type Numbers = Readonly<Record<string, readonly number[]>>

const common = { isDouble: false, use: async () => {} }
async function settingOf(library: Library): Promise<Setting> {
  if (library === 'tfjs') {
    await tf.setBackend('webgpu')
    return { name: 'tfjs webgpu', ad: tfjs(tf), ...common }
  }
  await jax.init('webgpu')
  jax.defaultDevice('webgpu')
  return { name: 'jax-js webgpu', ad: jaxjs(jax), ...common }
}

/** Checkpoints as bytes: read back from the device, and written to it. */
const bytes: Store = {
  medium: 'bytes',
  open({ codecs }) {
    const held = new Map<number, { key: CheckpointKey; encoded: Uint8Array }>()
    const decoded = async ({ kind, step }: CheckpointKey) => codecs[kind].decode(held.get(step)!.encoded)
    return {
      async put(key, value) {
        held.set(key.step, { key, encoded: await codecs[key.kind].encode(value) })
        await codecs[key.kind].dispose?.(value)
      },
      get: decoded,
      async take(key) {
        const value = await decoded(key)
        held.delete(key.step)
        return value
      },
      delete: ({ step }) => void held.delete(step),
      keys: () => Array.from(held.values(), ({ key }) => key),
      flush() {},
      clear: () => held.clear(),
      close() {},
    }
  },
}

const schedules = (steps: number) => [
  multistage({ steps, snapshotsInRam: 10 }),
  multistage({ steps, snapshotsInRam: 1, snapshotsOnDisk: 4 }),
  online({ snapshots: 5 }),
]

function objectiveOf(
  setting: Setting,
  problem: Problem,
): { objective: Objective<any, any, any, any>; point: { initialState: any; params: any } } {
  if (problem.name === 'lorenz') return { objective: lorenz(setting), point: lorenzPoint(setting) }
  const { initialState, a, b } = problem
  return {
    objective: burgers(setting, initialState.length),
    point: {
      initialState: array(setting, initialState),
      params: { a: array(setting, [a]), b: array(setting, [b]) },
    },
  }
}

/** The gradient of `burgers` or `lorenz` under each schedule, and how many tensors were left. */
async function gradients(library: Library, problem: Problem): Promise<{ results: Numbers[]; left: number }> {
  const setting = await settingOf(library)
  const { objective, point } = objectiveOf(setting, problem)
  const { steps } = problem
  const results: Numbers[] = []
  const tensors = () => (library === 'tfjs' ? tf.memory().numTensors : 0)
  const before = tensors()
  for (const schedule of schedules(steps)) {
    const { value, gradient } = await objective.valueAndGradient({
      ...point,
      steps,
      schedule,
      stores: { DISK: bytes },
    })
    const state = setting.ad.isArray(gradient.initialState)
      ? { u: gradient.initialState }
      : gradient.initialState
    const result: Record<string, readonly number[]> = { value: [value] }
    for (const [name, x] of Object.entries({ ...state, ...gradient.params }))
      result[name] = await numbers(setting, x)
    results.push(result)
  }
  return { results, left: tensors() - before }
}

export type Problem =
  | { readonly name: 'lorenz'; readonly steps: number }
  | {
      readonly name: 'burgers'
      readonly steps: number
      readonly initialState: readonly number[]
      readonly a: number
      readonly b: number
    }

export type Gradients = typeof gradients
Object.assign(globalThis, { gradients })

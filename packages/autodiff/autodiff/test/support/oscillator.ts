/** A damped oscillator with forcing in the toy library, and the same in plain numbers. */
import { differentiable } from '../../src/index.js'
import type { Toy, ToyLibrary } from './toy.js'

export interface Wave {
  readonly x: Toy
  readonly v: Toy
}
export interface Rates {
  readonly spring: Toy
  readonly drag: Toy
}

/** The loss is the energy at the end and the distance at each step. `fail` is called in each function. */
export const oscillator = (toy: ToyLibrary, fail: () => void = () => {}) =>
  differentiable({
    ad: toy,
    step({ x, v }: Wave, { spring, drag }: Rates, force: Toy): Wave {
      fail()
      const w = v.plus(x.sin().times(spring).scaled(-0.1)).plus(v.times(drag).scaled(-0.1)).plus(force)
      return { x: x.plus(w.scaled(0.1)), v: w }
    },
    loss({ x, v }, { spring }) {
      fail()
      return v.times(v).sum().plus(x.times(x).times(spring).sum()).scaled(0.5)
    },
    stepLoss({ x }, _rates, force) {
      fail()
      return x.times(x).plus(force.times(x)).sum()
    },
    inputs(n) {
      fail()
      return toy.array(Math.sin(n), 0.1 * n)
    },
  })

/** Six numbers: the positions, the speeds, and the two rates. */
export const at = [1, 0.5, 0, -0.2, 1.5, 0.2]

/** Their arrays: four. */
export const arrays = (toy: ToyLibrary, [x0, x1, v0, v1, spring, drag]: readonly number[] = at) => ({
  initialState: { x: toy.array(x0!, x1!), v: toy.array(v0!, v1!) },
  params: { spring: toy.scalar(spring!), drag: toy.scalar(drag!) },
})

/** The numbers of such arrays. */
export const numbersOf = ({ initialState: { x, v }, params: { spring, drag } }: ReturnType<typeof arrays>) =>
  [x, v, spring, drag].flatMap(({ data }) => Array.from(data))

/** The objective in plain numbers. */
export function byHand([x0, x1, v0, v1, spring, drag]: readonly number[], steps: number): number {
  let [x, v, value] = [[x0!, x1!], [v0!, v1!], 0]
  for (let n = 0; n < steps; n++) {
    const force = [Math.sin(n), 0.1 * n]
    v = v.map((w, i) => w - 0.1 * spring! * Math.sin(x[i]!) - 0.1 * drag! * w + force[i]!)
    x = x.map((y, i) => y + 0.1 * v[i]!)
    value += x.reduce((sum, y, i) => sum + y * y + force[i]! * y, 0)
  }
  return value + 0.5 * v.reduce((sum, w, i) => sum + w * w + spring! * x[i]! ** 2, 0)
}

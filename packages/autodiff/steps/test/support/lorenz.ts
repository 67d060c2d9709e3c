/** Lorenz's equations of 1963 with their derivatives by state and parameters, and one step of rk4 with its adjoint written by hand. */
import type { RightHandSide } from '../../src/right-hand-side.js'

export type Triple = readonly [number, number, number]

export const lorenz = {
  rhs: ([x, y, z]: Triple, [sigma, rho, beta]: Triple): Triple => [
    sigma * (y - x),
    x * (rho - z) - y,
    x * y - beta * z,
  ],
  vjp: ([a, b, c]: Triple, [x, y, z]: Triple, [sigma, rho, beta]: Triple) => ({
    state: [-sigma * a + (rho - z) * b + y * c, sigma * a - b + x * c, -x * b - beta * c] as const,
    params: [(y - x) * a, x * b, -z * c] as const,
  }),
  jvp: (d: { state: Triple; params: Triple }, [x, y, z]: Triple, [sigma, rho, beta]: Triple): Triple => {
    const [dx, dy, dz] = d.state
    const [dSigma, dRho, dBeta] = d.params
    return [
      sigma * (dy - dx) + dSigma * (y - x),
      dx * (rho - z) + x * (dRho - dz) - dy,
      dx * y + x * dy - dBeta * z - beta * dz,
    ]
  },
  hvp: (d: { state: Triple; params: Triple }, [a, b, c]: Triple) => {
    const [dx, dy, dz] = d.state
    const [dSigma, dRho, dBeta] = d.params
    return {
      state: [-dSigma * a + (dRho - dz) * b + dy * c, dSigma * a + dx * c, -dx * b - dBeta * c] as const,
      params: [(dy - dx) * a, dx * b, -dz * c] as const,
    }
  },
} satisfies RightHandSide<Triple, Triple>

/** What is differentiated below: 4 stages, one after the other. */
export function stepByHand([x, y, z]: Triple, [s, r, b]: Triple, h: number): Triple {
  const k1x = s * (y - x)
  const k1y = x * (r - z) - y
  const k1z = x * y - b * z
  const [x2, y2, z2] = [x + (h / 2) * k1x, y + (h / 2) * k1y, z + (h / 2) * k1z]
  const k2x = s * (y2 - x2)
  const k2y = x2 * (r - z2) - y2
  const k2z = x2 * y2 - b * z2
  const [x3, y3, z3] = [x + (h / 2) * k2x, y + (h / 2) * k2y, z + (h / 2) * k2z]
  const k3x = s * (y3 - x3)
  const k3y = x3 * (r - z3) - y3
  const k3z = x3 * y3 - b * z3
  const [x4, y4, z4] = [x + h * k3x, y + h * k3y, z + h * k3z]
  const k4x = s * (y4 - x4)
  const k4y = x4 * (r - z4) - y4
  const k4z = x4 * y4 - b * z4
  return [
    x + (h / 6) * (k1x + 2 * k2x + 2 * k3x + k4x),
    y + (h / 6) * (k1y + 2 * k2y + 2 * k3y + k4y),
    z + (h / 6) * (k1z + 2 * k2z + 2 * k3z + k4z),
  ]
}

/** The step's statements backwards: `gx` is the derivative by the x at the end, `ax` the one by the x at the start, `wx` that by a slope. */
export function adjointByHand(
  { state: [gx, gy, gz], params: [gs, gr, gb] }: { state: Triple; params: Triple },
  [x, y, z]: Triple,
  [s, r, b]: Triple,
  h: number,
) {
  const k1x = s * (y - x)
  const k1y = x * (r - z) - y
  const k1z = x * y - b * z
  const [x2, y2, z2] = [x + (h / 2) * k1x, y + (h / 2) * k1y, z + (h / 2) * k1z]
  const k2x = s * (y2 - x2)
  const k2y = x2 * (r - z2) - y2
  const k2z = x2 * y2 - b * z2
  const [x3, y3, z3] = [x + (h / 2) * k2x, y + (h / 2) * k2y, z + (h / 2) * k2z]
  const k3x = s * (y3 - x3)
  const k3y = x3 * (r - z3) - y3
  const k3z = x3 * y3 - b * z3
  const [x4, y4, z4] = [x + h * k3x, y + h * k3y, z + h * k3z]
  let [ax, ay, az] = [gx, gy, gz]
  // The fourth slope.
  let [wx, wy, wz] = [(h / 6) * gx, (h / 6) * gy, (h / 6) * gz]
  let [vx, vy, vz] = [-s * wx + (r - z4) * wy + y4 * wz, s * wx - wy + x4 * wz, -x4 * wy - b * wz]
  gs += (y4 - x4) * wx
  gr += x4 * wy
  gb -= z4 * wz
  ax += vx
  ay += vy
  az += vz
  // The third: the end reads it with h / 3, the fourth point with h.
  ;[wx, wy, wz] = [(h / 3) * gx + h * vx, (h / 3) * gy + h * vy, (h / 3) * gz + h * vz]
  ;[vx, vy, vz] = [-s * wx + (r - z3) * wy + y3 * wz, s * wx - wy + x3 * wz, -x3 * wy - b * wz]
  gs += (y3 - x3) * wx
  gr += x3 * wy
  gb -= z3 * wz
  ax += vx
  ay += vy
  az += vz
  // The second, read with h / 3 and h / 2.
  ;[wx, wy, wz] = [(h / 3) * gx + (h / 2) * vx, (h / 3) * gy + (h / 2) * vy, (h / 3) * gz + (h / 2) * vz]
  ;[vx, vy, vz] = [-s * wx + (r - z2) * wy + y2 * wz, s * wx - wy + x2 * wz, -x2 * wy - b * wz]
  gs += (y2 - x2) * wx
  gr += x2 * wy
  gb -= z2 * wz
  ax += vx
  ay += vy
  az += vz
  // The first, read with h / 6 and h / 2.
  ;[wx, wy, wz] = [(h / 6) * gx + (h / 2) * vx, (h / 6) * gy + (h / 2) * vy, (h / 6) * gz + (h / 2) * vz]
  gs += (y - x) * wx
  gr += x * wy
  gb -= z * wz
  ax += -s * wx + (r - z) * wy + y * wz
  ay += s * wx - wy + x * wz
  az += -x * wy - b * wz
  return { state: [ax, ay, az] as Triple, params: [gs, gr, gb] as Triple }
}

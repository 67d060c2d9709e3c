/**
 * The source wavelet: a polynomial that looks like a Ricker wavelet, is exactly zero outside its support and has no
 * constant part, so that nothing stays behind when the wave has passed.
 *
 * ```
 * w(τ) = (1 - τ²)⁴ (1 - 11 τ²)   for |τ| < 1,   τ = t / T - 1        (-1/12 of the second derivative of (1 - τ²)⁶)
 * ```
 *
 * Its first zero falls on that of the Ricker wavelet of peak frequency f, `√2 / 2πf`, if T = 0.7466 / f.
 */

/** The wavelet of this peak frequency (Hz) at time `t` (s); it begins at t = 0. Largest value 1. */
export function wavelet(t: number, peakFrequency: number): number {
  const tau = (t * peakFrequency) / 0.7466 - 1
  const rest = 1 - tau * tau
  return rest > 0 ? rest * rest * (rest * rest) * (1 - 11 * (tau * tau)) : 0
}

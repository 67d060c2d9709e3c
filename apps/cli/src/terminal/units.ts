/** Numbers formatted for people. Data for programs stay plain. */

/** `1,234,567` */
export function showCount(count: number): string {
  return count.toLocaleString('en-US')
}

/** `1 step`, `12,000 steps`. */
export function showCounted(count: number, noun: string): string {
  return `${showCount(count)} ${noun}${count === 1 ? '' : 's'}`
}

/** `640 B`, `1.2 MB`, in powers of 1000. */
export function showBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB']
  let value = bytes
  let unit = 0
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000
    unit += 1
  }
  return `${unit === 0 || value >= 99.95 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`
}

/** `12 ms`, `3.4 s`, `2 min 05 s`, `1 h 03 min`. */
export function showDuration(milliseconds: number): string {
  if (milliseconds < 999.5) return `${Math.round(milliseconds)} ms`
  const seconds = milliseconds / 1000
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`
  const two = (value: number) => String(value).padStart(2, '0')
  const whole = Math.round(seconds)
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`
  return `${Math.floor(whole / 3600)} h ${two(Math.floor((whole % 3600) / 60))} min`
}

/** Six significant digits, `4.97211e-6` if plain digits would be mostly zeros. */
export function showValue(value: number): string {
  const size = Math.abs(value)
  if (!Number.isFinite(value) || size === 0) return String(value)
  const rounded = Number(value.toPrecision(6))
  return size < 1e-3 || size >= 1e9 ? rounded.toExponential() : String(rounded)
}

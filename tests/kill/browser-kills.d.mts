export function killBrowsers(settings: {
  kills: number
  seed: number
  tell?: (it: object) => void
}): Promise<{
  counts: Record<string, number>
  wrong: object[]
}>

/** What this tab remembers of the page: whether the inversion was running when it was reloaded, and where the sliders are. */

export interface Sliders {
  readonly memory: number
  readonly disk: number
}

/** Tabs without storage forget. */
export function visit(name: string) {
  const read = (key: string) => {
    try {
      return sessionStorage.getItem(key)
    } catch {
      return null
    }
  }
  const write = (key: string, value: string) => {
    try {
      sessionStorage.setItem(key, value)
    } catch {
      // A reload then asks for a press of Continue.
    }
  }
  return {
    wasRunning: read(`${name} running`) === 'true',
    sliders: slidersFrom(read(`${name} sliders`)),
    setRunning: (isRunning: boolean) => write(`${name} running`, String(isRunning)),
    keepSliders: ({ memory, disk }: Sliders) => write(`${name} sliders`, `${memory} ${disk}`),
  }
}

function slidersFrom(text: string | null): Sliders | undefined {
  const [, memory, disk] = /^(\d{1,3}) (\d{1,3})$/.exec(text ?? '') ?? []
  return memory === undefined || disk === undefined
    ? undefined
    : { memory: Number(memory), disk: Number(disk) }
}

/** `?hold=3.20`: the third gradient waits for ever with 20 steps reversed, to be closed or reloaded at that very moment. */
export function holdFrom(
  query: string,
): { readonly gradient: number; readonly reversed: number } | undefined {
  const [, gradient, reversed] =
    /^(\d{1,6})\.(\d{1,6})$/.exec(new URLSearchParams(query.slice(0, 1000)).get('hold') ?? '') ?? []
  return gradient === undefined ? undefined : { gradient: Number(gradient), reversed: Number(reversed) }
}

import type { Browser } from 'playwright-core'

/** Chromium, from CHROMIUM_PATH, else PATH. */
export function findChromium(): string | undefined

export const chromiumFlags: string[]

/** A browser with an empty profile of its own. */
export function launchChromium(executablePath: string): Promise<Browser>

/** Errors of the browser as plain data: neither the code nor the name of one survives a `postMessage` everywhere. */

/** Its message, and as its code the name that browsers give it, such as `QuotaExceededError`. */
export function plainError(error: unknown): { readonly message: string; readonly code: string | undefined } {
  const { name, message, code } = error as { name?: string; message?: string; code?: unknown }
  const named = name === 'Error' ? undefined : name
  return { message: message || String(error), code: typeof code === 'string' ? code : named }
}

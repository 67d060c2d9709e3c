/** A memory store that keeps encoded bytes. */
export function encodingStore() {
  return {
    medium: 'bytes',
    open({ codecs: { restart } }) {
      const held = new Map()
      return {
        put: async ({ step }, value) => void held.set(step, await restart.encode(value)),
        get: async ({ step }) => restart.decode(held.get(step)),
        async take({ step }) {
          const bytes = held.get(step)
          held.delete(step)
          return restart.decode(bytes)
        },
        delete: ({ step }) => void held.delete(step),
        keys: () => [],
        flush() {},
        clear: () => held.clear(),
        close() {},
      }
    },
  }
}

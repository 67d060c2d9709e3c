/**
 * The evaluations of an inversion, kept in IndexedDB.
 *
 * L-BFGS is deterministic: it asks for the same controls in the same order again. Misfits and gradients of an earlier visit, given back in
 * that order, restore the iterate and the whole history of the search, bit for bit.
 */

/** A misfit, its gradient, and the control they belong to. */
export interface Evaluation {
  readonly x: Float64Array
  readonly value: number
  readonly gradient: Float64Array
}

export interface KeptEvaluations {
  /** In order, up to the first that is missing or damaged. */
  read(size: number): Promise<Evaluation[]>
  /** Resolves when it will outlive the page. */
  add(index: number, evaluation: Evaluation): Promise<void>
  clear(): Promise<void>
}

const STORE = 'evaluations'

/** @throws where the browser has no IndexedDB for this page */
export async function openEvaluations(name: string): Promise<KeptEvaluations> {
  const opening = indexedDB.open('checkpoint-schedules-inversion', 1)
  opening.onupgradeneeded = () => opening.result.createObjectStore(STORE)
  const database = await answer(opening)
  database.onversionchange = () => database.close()
  const all = IDBKeyRange.bound([name, 0], [name, Infinity])
  const change = (work: (store: IDBObjectStore) => unknown) =>
    new Promise<void>((resolve, reject) => {
      const transaction = database.transaction(STORE, 'readwrite', { durability: 'strict' })
      transaction.addEventListener('complete', () => resolve())
      transaction.addEventListener('abort', () =>
        reject(transaction.error ?? new Error('the browser kept nothing')),
      )
      work(transaction.objectStore(STORE))
    })
  return {
    async read(size) {
      const store = database.transaction(STORE).objectStore(STORE)
      const [keys, values] = await Promise.all([answer(store.getAllKeys(all)), answer(store.getAll(all))])
      const sound = keys.map((key, i) => (key as unknown[])[1] === i && isEvaluation(values[i], size))
      const end = sound.indexOf(false)
      return values.slice(0, end === -1 ? values.length : end) as Evaluation[]
    },
    add: (index, evaluation) => change((store) => store.put(evaluation, [name, index])),
    clear: () => change((store) => store.delete(all)),
  }
}

/** For browsers that keep nothing: an inversion within one visit. */
export function evaluationsInMemory(): KeptEvaluations {
  let kept: Evaluation[] = []
  return {
    read: async () => [...kept],
    add: async (index, evaluation) => void (kept[index] = evaluation),
    clear: async () => void (kept = []),
  }
}

function isEvaluation(value: unknown, size: number): value is Evaluation {
  const { x, value: misfit, gradient } = (value ?? {}) as Partial<Record<keyof Evaluation, unknown>>
  const isField = (it: unknown) => it instanceof Float64Array && it.length === size
  return typeof misfit === 'number' && isField(x) && isField(gradient)
}

async function answer<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.addEventListener('success', () => resolve(request.result))
    request.addEventListener('error', () => reject(request.error))
  })
}

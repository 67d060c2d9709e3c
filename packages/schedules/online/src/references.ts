/** The papers behind this schedule. */
import type { Reference } from '@checkpoint-schedules/core'

export const wang2009: Reference = {
  authors: 'Q. Wang, P. Moin and G. Iaccarino',
  title: 'Minimal repetition dynamic checkpointing algorithm for unsteady adjoint calculation',
  year: 2009,
  doi: '10.1137/080727890',
  published: {
    journal: 'SIAM Journal on Scientific Computing',
    volume: '31',
    number: '4',
    pages: '2549-2567',
  },
}

export const stummWalther2010: Reference = {
  authors: 'P. Stumm and A. Walther',
  title: 'New algorithms for optimal online checkpointing',
  year: 2010,
  doi: '10.1137/080742439',
  published: { journal: 'SIAM Journal on Scientific Computing', volume: '32', number: '2', pages: '836-854' },
}

export const griewankWalther2000: Reference = {
  authors: 'A. Griewank and A. Walther',
  title:
    'Algorithm 799: revolve: an implementation of checkpointing for the reverse or adjoint mode of computational differentiation',
  year: 2000,
  doi: '10.1145/347837.347846',
  published: {
    journal: 'ACM Transactions on Mathematical Software',
    volume: '26',
    number: '1',
    pages: '19-45',
  },
}

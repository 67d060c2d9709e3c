/** The papers behind these schedules. */
import type { Reference } from '@checkpoint-schedules/core'

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

export const aupy2016: Reference = {
  authors: 'G. Aupy, J. Herrmann, P. Hovland and Y. Robert',
  title: 'Optimal multistage algorithm for adjoint computation',
  year: 2016,
  doi: '10.1137/15M1019222',
  published: {
    journal: 'SIAM Journal on Scientific Computing',
    volume: '38',
    number: '3',
    pages: 'C232-C255',
  },
}

export const aupyHerrmann2017: Reference = {
  authors: 'G. Aupy and J. Herrmann',
  title: 'Periodicity in optimal hierarchical checkpointing schemes for adjoint computations',
  year: 2017,
  doi: '10.1080/10556788.2016.1230612',
  published: { journal: 'Optimization Methods and Software', volume: '32', number: '3', pages: '594-624' },
}

export const herrmannPallez2020: Reference = {
  authors: 'J. Herrmann and G. Pallez',
  title: 'H-Revolve: a framework for adjoint computation on synchronous hierarchical platforms',
  year: 2020,
  doi: '10.1145/3378672',
  published: {
    journal: 'ACM Transactions on Mathematical Software',
    volume: '46',
    number: '2',
    pages: '1-25',
  },
}

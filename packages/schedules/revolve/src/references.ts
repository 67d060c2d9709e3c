/** The papers behind these schedules. */
import type { Reference } from '@checkpoint-schedules/core'

export const griewankWalther2000: Reference = {
  authors: 'A. Griewank and A. Walther',
  title:
    'Algorithm 799: revolve: an implementation of checkpointing for the reverse or adjoint mode of computational differentiation',
  year: 2000,
  doi: '10.1145/347837.347846',
}

export const aupy2016: Reference = {
  authors: 'G. Aupy, J. Herrmann, P. Hovland and Y. Robert',
  title: 'Optimal multistage algorithm for adjoint computation',
  year: 2016,
  doi: '10.1137/15M1019222',
}

export const aupyHerrmann2017: Reference = {
  authors: 'G. Aupy and J. Herrmann',
  title: 'Periodicity in optimal hierarchical checkpointing schemes for adjoint computations',
  year: 2017,
  doi: '10.1080/10556788.2016.1230612',
}

export const herrmannPallez2020: Reference = {
  authors: 'J. Herrmann and G. Pallez',
  title: 'H-Revolve: a framework for adjoint computation on synchronous hierarchical platforms',
  year: 2020,
  doi: '10.1145/3378672',
}

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

export const stummWalther2009: Reference = {
  authors: 'P. Stumm and A. Walther',
  title: 'MultiStage approaches for optimal offline checkpointing',
  year: 2009,
  doi: '10.1137/080718036',
  published: {
    journal: 'SIAM Journal on Scientific Computing',
    volume: '31',
    number: '3',
    pages: '1946-1967',
  },
}

export const pringle2016: Reference = {
  authors: 'G. C. Pringle, D. C. Jones, S. Goswami, S. H. K. Narayanan and D. Goldberg',
  title:
    'Providing the ARCHER community with adjoint modelling tools for high-performance oceanographic and cryospheric computation',
  year: 2016,
}

export const goldberg2020: Reference = {
  authors: 'D. N. Goldberg, T. A. Smith, S. H. K. Narayanan, P. Heimbach and M. Morlighem',
  title: 'Bathymetric influences on Antarctic ice-shelf melt rates',
  year: 2020,
  doi: '10.1029/2020JC016370',
  published: {
    journal: 'Journal of Geophysical Research: Oceans',
    volume: '125',
    number: '11',
    pages: 'e2020JC016370',
  },
}

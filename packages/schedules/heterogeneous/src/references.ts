/** The papers behind this schedule. */
import type { Reference } from '@checkpoint-schedules/core'

export const beaumont2019: Reference = {
  authors: 'O. Beaumont, L. Eyraud-Dubois, J. Herrmann, A. Joly and A. Shilova',
  title:
    'Optimal checkpointing for heterogeneous chains: how to train deep neural networks with limited memory',
  year: 2019,
}

export const maddison2024: Reference = {
  authors: 'J. R. Maddison',
  title: 'Step-based checkpointing with high-level algorithmic differentiation',
  year: 2024,
  doi: '10.1016/j.jocs.2024.102405',
  published: { journal: 'Journal of Computational Science', volume: '82', pages: '102405' },
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

// Stands for @tensorflow/tfjs in tests. The real one takes 285 MB, of which the tests need 65. In Node, @tensorflow/tfjs-core registers no
// gradients: they are in its ES modules, which Node cannot load. So they are bundled here; they find the library by its global registries.
import '@tensorflow/tfjs-backend-cpu'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const registrations = ['register_all_gradients', 'public/chained_ops/register_all_chained_ops']
const { outputFiles } = await build({
  stdin: {
    contents: registrations.map((file) => `import '@tensorflow/tfjs-core/dist/${file}'`).join('\n'),
    resolveDir: fileURLToPath(new URL('.', import.meta.url)),
  },
  bundle: true,
  write: false,
  format: 'iife',
  mainFields: ['module', 'main'],
})
// oxlint-disable-next-line no-eval
;(0, eval)(outputFiles[0].text)

export * from '@tensorflow/tfjs-core'

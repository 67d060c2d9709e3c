// Bundles the script for the pages that `plot --html` writes; the program treats it as text. Part of the build, after the compiler.
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

await build({
  entryPoints: [fileURLToPath(new URL('dist/plot/page-script.js', import.meta.url))],
  outfile: fileURLToPath(new URL('dist/plot/page-script.bundle.txt', import.meta.url)),
  bundle: true,
  minify: true,
  format: 'iife',
  target: 'es2022',
  logLevel: 'warning',
})

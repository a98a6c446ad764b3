// Compiles src/ into dist/: two stylesheets, five scripts, four font files, one icon. Reads nothing outside this folder.
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { compile } from 'sass'

const here = dirname(fileURLToPath(import.meta.url))
const from = (...parts) => join(here, ...parts)
const to = (...parts) => from('dist', ...parts)

// GOV.UK's typeface and crests are licensed to gov.uk alone.
const FORBIDDEN = /GDS Transport|govuk-crest|govuk-logotype/

function write (name, text) {
  if (FORBIDDEN.test(text)) throw new Error(`${name} carries GOV.UK branding that may not be used here`)
  writeFileSync(to(name), text)
}

rmSync(to(), { recursive: true, force: true })
mkdirSync(to('fonts'), { recursive: true })

for (const sheet of ['dicm', 'report']) {
  const { css } = compile(from('src', `${sheet}.scss`), {
    loadPaths: [from('node_modules')],
    style: 'compressed',
    quietDeps: true
  })
  write(`${sheet}.css`, css.replace(/^\uFEFF/, ''))
}

// A source map that is named but not served stops the manifest storage: drop the reference.
const govuk = readFileSync(from('node_modules/govuk-frontend/dist/govuk/govuk-frontend.min.js'), 'utf8')
write('govuk-frontend.min.js', govuk.replace(/\s*\/\/# sourceMappingURL=.*$/s, '\n'))
for (const script of ['again.js', 'idle.js', 'shown.js', 'dicm.js']) write(script, readFileSync(from('src', script), 'utf8'))

const family = 'atkinson-hyperlegible-next'
for (const subset of ['latin', 'latin-ext']) {
  for (const weight of [400, 700]) {
    cpSync(
      from('node_modules/@fontsource', family, 'files', `${family}-${subset}-${weight}-normal.woff2`),
      to('fonts', `ahn-${subset}-${weight}.woff2`)
    )
  }
}
cpSync(from('node_modules/@fontsource', family, 'LICENSE'), to('fonts', 'LICENSE.txt'))
cpSync(from('src/favicon.svg'), to('favicon.svg'))

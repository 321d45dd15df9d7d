import { expect, test } from 'vitest'
import { filesUnder, librarySources, textOf } from './repository.ts'

/** Which of our packages each package may build on: the dependency picture of the README, as data. */
const LAYERS: Record<string, readonly string[]> = {
  atomic: [],
  idlestrategy: [],
  mmap: [],
  codecs: ['atomic'],
  client: ['atomic', 'idlestrategy', 'mmap'],
  archive: ['atomic', 'client', 'codecs', 'idlestrategy'],
  cluster: ['archive', 'atomic', 'client', 'codecs', 'idlestrategy', 'mmap'],
  tools: ['archive', 'atomic', 'client', 'cluster'],
}

/** Packages that must also run where there is no Node.js. */
const WITHOUT_NODE = ['atomic', 'codecs']

interface Manifest {
  readonly dependencies?: Record<string, string>
}

test('every package has its place in the layers', () => {
  const names = filesUnder('packages', (path) => /packages\/[^/]+\/package\.json$/.test(path))
  expect(names.map((path) => path.split('/')[1])).toEqual(Object.keys(LAYERS).sort())
})

for (const [name, allowed] of Object.entries(LAYERS)) {
  test(`@x/${name} declares only dependencies on layers below it`, () => {
    const manifest = JSON.parse(textOf(`packages/${name}/package.json`)) as Manifest
    const ours = Object.keys(manifest.dependencies ?? {}).filter((dependency) => dependency.startsWith('@x/'))
    expect(ours.filter((dependency) => !allowed.includes(dependency.slice('@x/'.length)))).toEqual([])
  })

  test(`@x/${name} imports only what it declares`, () => {
    const strangers = librarySources()
      .filter((path) => path.startsWith(`packages/${name}/`))
      .flatMap((path) =>
        [...textOf(path).matchAll(/from '(@x\/([a-z-]+)[^']*)'/g)]
          .filter((match) => !allowed.includes(match[2] ?? ''))
          .map((match) => `${path}: ${match[1]}`),
      )
    expect(strangers).toEqual([])
  })
}

for (const name of WITHOUT_NODE) {
  test(`@x/${name} imports nothing of Node.js`, () => {
    const importers = filesUnder(`packages/${name}/src`, (path) => /(?<!\.test)\.ts$/.test(path)).filter(
      (path) => /from 'node:/.test(textOf(path)),
    )
    expect(importers).toEqual([])
  })
}

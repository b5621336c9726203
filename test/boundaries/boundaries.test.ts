/** Does every wall of the house stand? Each rule must report its planted violation, and no other rule may claim it. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

const PROJECT = resolve(import.meta.dirname, '../..');
const CONFIG = join(PROJECT, '.dependency-cruiser.cjs');

interface Violation {
  readonly from: string;
  readonly rule: { readonly name: string };
}

/** A tree shaped like the project in which every wall stands: path → content. */
const CLEAN: Readonly<Record<string, string>> = {
  'package.json': JSON.stringify({
    name: 'fixture',
    type: 'module',
    dependencies: { '@nestjs/common': '*', mqtt: '*', zod: '*', 'big.js': '*' },
    devDependencies: { vue: '*', vite: '*', 'cli-progress': '*' },
  }),
  'tsconfig.json': JSON.stringify({ compilerOptions: { module: 'nodenext', target: 'es2022' }, include: ['src/**/*.ts'] }),
  ...Object.fromEntries(
    ['@nestjs/common', 'mqtt', 'zod', 'big.js', 'vue', 'vite', 'cli-progress', 'came-along'].flatMap((name) => [
      [`node_modules/${name}/package.json`, JSON.stringify({ name, version: '1.0.0', type: 'module', main: 'index.js' })],
      [`node_modules/${name}/index.js`, 'export const it = 1;\nexport default it;\n'],
    ]),
  ),
  'src/domain/reading.ts': `import Big from 'big.js';\nexport const reading = Big;\nexport type Reading = number;\n`,
  'src/pipeline/ports.ts': `import type { Reading } from '../domain/reading.js';\nexport interface Port { take(reading: Reading): void }\n`,
  'src/adapters/config/load.ts': `import { it } from 'zod';\nimport { readFileSync } from 'node:fs';\nexport const load = [it, readFileSync];\n`,
  'src/adapters/mqtt/line.ts': [
    `import { it } from 'mqtt';`,
    `import type { Port } from '../../pipeline/ports.js';`,
    `import { reading } from '../../domain/reading.js';`,
    `import type { it as Type } from 'came-along';`,
    `export const line: [Port?, unknown?, (typeof Type)?] = [, [it, reading]];`,
  ].join('\n'),
  'src/adapters/http/contract/contract.ts': `export interface StationsAnswer { readonly id: string }\n`,
  'src/adapters/http/stations.ts': `import { it } from '@nestjs/common';\nimport type { StationsAnswer } from './contract/contract.js';\nexport const stations: StationsAnswer = { id: String(it) };\n`,
  'src/app.module.ts': [
    `import { it } from '@nestjs/common';`,
    `import { load } from './adapters/config/load.js';`,
    `import { line } from './adapters/mqtt/line.js';`,
    `import { stations } from './adapters/http/stations.js';`,
    `export const app = [it, load, line, stations];`,
  ].join('\n'),
  'src/main.ts': `import { app } from './app.module.js';\nexport { app };\n`,
  'src/heqing.ts': `import { load } from './adapters/config/load.js';\nexport { load };\n`,
  'src/simulate.ts': `import { days } from './simulator/days.js';\nimport { it } from 'cli-progress';\nexport { days, it };\n`,
  'src/simulator/days.ts': `import { load } from '../adapters/config/load.js';\nimport { reading } from '../domain/reading.js';\nexport const days = [load, reading];\n`,
  'src/web/main.ts': `import page from './page.vue';\nimport { routes } from './routes.js';\nexport { page, routes };\n`,
  'src/web/routes.ts': `import { river } from './river/river.js';\nexport const routes = [river];\n`,
  'src/web/river/river.ts': `import { words } from '../words/words.js';\nexport const river = words;\n`,
  'src/web/words/words.ts': `export const words = 1;\n`,
  'src/web/page.vue': `<script setup lang="ts">\nimport { it } from 'vue';\nimport type { StationsAnswer } from '../adapters/http/contract/contract.js';\nconst answer: StationsAnswer = { id: String(it) };\n</script>\n<template>{{ answer.id }}</template>\n`,
  'src/web/vite.config.ts': `import { it } from 'vite';\nimport { join } from 'node:path';\nexport default [it, join];\n`,
  'test/fixture.ts': `export const fixture = 1;\n`,
};

/** A violation: files added to the clean tree, and the modules that must be reported for it. */
interface Planted {
  readonly files: Readonly<Record<string, string>>;
  readonly guilty: readonly string[];
}

/** One guilty file with one forbidden import. */
function importing(path: string, specifier: string): Planted {
  return { files: { [path]: `export * from '${specifier}';\n` }, guilty: [path] };
}

/** Rule → what breaks it and nothing else. Several where a rule has several sides. */
const PLANTED: Readonly<Record<string, readonly Planted[]>> = {
  'domain-is-pure': [
    importing('src/domain/knows-node.ts', 'node:fs'),
    importing('src/domain/knows-zod.ts', 'zod'),
    importing('src/domain/knows-nest.ts', '@nestjs/common'),
    importing('src/domain/knows-pipeline.ts', '../pipeline/ports.js'),
    {
      files: { 'src/domain/knows-type.ts': `export type { Port } from '../pipeline/ports.js';\n` },
      guilty: ['src/domain/knows-type.ts'],
    },
  ],
  'pipeline-knows-domain': [
    importing('src/pipeline/knows-node.ts', 'node:timers'),
    importing('src/pipeline/knows-big.ts', 'big.js'),
    importing('src/pipeline/knows-nest.ts', '@nestjs/common'),
    importing('src/pipeline/knows-adapter.ts', '../adapters/config/load.js'),
  ],
  'adapters-are-strangers': [
    importing('src/adapters/mqtt/knows-config.ts', '../config/load.js'),
    {
      files: { 'src/adapters/mqtt/knows-type.ts': `export type { StationsAnswer } from '../http/contract/contract.js';\n` },
      guilty: ['src/adapters/mqtt/knows-type.ts'],
    },
  ],
  'adapters-look-inward': [importing('src/adapters/http/knows-wiring.ts', '../../heqing.js')],
  'nest-stays-outside': [importing('src/start.ts', '@nestjs/common')],
  'web-sees-the-contract-only': [
    importing('src/web/knows-domain.ts', '../domain/reading.js'),
    importing('src/web/knows-stations.ts', '../adapters/http/stations.js'),
    importing('src/web/knows-node.ts', 'node:path'),
    importing('src/web/knows-zod.ts', 'zod'),
    {
      files: {
        'src/web/knows-pipeline.vue': `<script setup lang="ts">\nimport type { Port } from '../pipeline/ports.js';\ndefineProps<{ port: Port }>();\n</script>\n`,
      },
      guilty: ['src/web/knows-pipeline.vue'],
    },
  ],
  'web-takes-types-only': [importing('src/web/takes-code.ts', '../adapters/http/contract/contract.js')],
  'rooms-are-strangers': [importing('src/web/wall/knows-river.ts', '../river/river.js')],
  'shared-knows-no-room': [
    importing('src/web/words/knows-river.ts', '../river/river.js'),
    importing('src/web/knows-river.ts', './river/river.js'),
  ],
  'service-does-without-web': [
    importing('src/knows-page.ts', './web/main.js'),
    importing('src/adapters/http/knows-page.ts', '../../web/main.js'),
  ],
  'simulator-stands-outside': [
    importing('src/simulator/knows-line.ts', '../adapters/mqtt/line.js'),
    importing('src/simulator/knows-ports.ts', '../pipeline/ports.js'),
  ],
  'service-does-without-simulator': [importing('src/knows-simulator.ts', './simulator/days.js')],
  'no-cycles': [
    {
      files: { 'src/domain/hen.ts': `export * from './egg.js';\n`, 'src/domain/egg.ts': `export * from './hen.js';\n` },
      // One cycle is one violation, told of its first module.
      guilty: ['src/domain/egg.ts'],
    },
  ],
  'no-orphans': [{ files: { 'src/domain/forgotten.ts': `export const forgotten = 1;\n` }, guilty: ['src/domain/forgotten.ts'] }],
  'no-development-packages': [importing('src/adapters/mqtt/knows-progress.ts', 'cli-progress')],
  'no-undeclared-packages': [importing('src/adapters/mqtt/knows-stranger.ts', 'came-along')],
  'everything-resolves': [importing('src/adapters/mqtt/knows-nothing.ts', './nowhere.js')],
  'nothing-imports-tests': [importing('src/adapters/mqtt/knows-test.ts', '../../../test/fixture.js')],
};

/** Planted files are reached from an entry of their own ring, so that being an orphan is no second offence. */
const ENTRY_OF: readonly (readonly [RegExp, string])[] = [
  [/^src\/web\/wall\//, 'src/web/routes.ts'],
  [/^src\/web\//, 'src/web/main.ts'],
  [/^src\/simulator\//, 'src/simulate.ts'],
  [/^src\/adapters\/http\/knows-wiring/, 'src/main.ts'],
  [/^src\//, 'src/main.ts'],
];

function cruise(folder: string): Promise<Violation[]> {
  const cli = join(PROJECT, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const args = [cli, '--config', CONFIG, '--output-type', 'json', 'src'];
  return new Promise((done, fail) => {
    execFile(process.execPath, args, { cwd: folder, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      // Its exit code is the number of violations; only an unreadable answer is a failure to run.
      try {
        const result = JSON.parse(stdout) as { summary: { violations: Violation[]; totalCruised: number } };
        if (result.summary.totalCruised === 0) throw new Error('nothing was cruised');
        done(result.summary.violations);
      } catch (cause) {
        fail(new Error(`dependency-cruiser did not run: ${stderr || (error?.message ?? '')}`, { cause }));
      }
    });
  });
}

async function write(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
}

function ruleNames(): string[] {
  const config = createRequire(import.meta.url)(CONFIG) as { forbidden: { name: string; severity: string }[] };
  return config.forbidden.filter(({ severity }) => severity === 'error').map(({ name }) => name);
}

describe('the walls', () => {
  let folder = '';
  let found: Violation[] = [];
  let clean: Violation[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'heqing-boundaries-'));
    await write(folder, CLEAN);
    clean = await cruise(folder);
    for (const [rule, planted] of Object.entries(PLANTED)) {
      for (const { files } of planted) {
        await write(folder, files);
        if (rule === 'no-orphans') continue;
        for (const path of Object.keys(files)) {
          const entry = ENTRY_OF.find(([pattern]) => pattern.test(path))?.[1] ?? '';
          const reach = `import './${path.replace(/^src\//, '')}';\n`.replace(/\.ts';/, ".js';");
          const from = entry.startsWith('src/web/') ? reach.replace('./web/', './') : reach;
          await writeFile(join(folder, entry), (await readFile(join(folder, entry), 'utf8')) + from);
        }
      }
    }
    found = await cruise(folder);
  }, 60_000);

  afterAll(() => rm(folder, { recursive: true, force: true }));

  test('every rule has a planted violation, and every planted violation a rule', () => {
    expect(Object.keys(PLANTED).sort()).toEqual(ruleNames().sort());
  });

  test('a tree without violations is clean', () => {
    expect(clean).toEqual([]);
  });

  test.each(Object.keys(PLANTED))('%s reports what is planted against it, and no other rule does', (rule) => {
    for (const module of (PLANTED[rule] ?? []).flatMap(({ guilty }) => guilty)) {
      const reported = new Set(found.filter(({ from }) => from === module).map((violation) => violation.rule.name));
      expect({ module, reported: [...reported] }).toEqual({ module, reported: [rule] });
    }
  });

  test('nothing that was not planted is reported', () => {
    const guilty = new Set(Object.values(PLANTED).flatMap((all) => all.flatMap((planted) => Object.keys(planted.files))));
    // The entries import the planted files themselves, which some walls forbid; they are not what is tested here.
    const entries = new Set(ENTRY_OF.map(([, entry]) => entry));
    expect(found.filter(({ from }) => !guilty.has(from) && !entries.has(from))).toEqual([]);
  });
});

test('the project itself is clean', async () => {
  expect((await cruise(PROJECT)).map(({ from, rule }) => `${rule.name}: ${from}`)).toEqual([]);
}, 60_000);

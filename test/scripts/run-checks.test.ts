/** Does `npm run check` run every check, and does a single failing one fail it? And `.ci/run` both commands? */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { chmod, cp, mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { miniProject, runIn, type MiniProject } from './mini-project.js';

/** The tools a check runs, as the launcher calls them; `tsc` twice. */
const TOOLS = {
  eslint: 'eslint/bin/eslint.js',
  tsc: 'typescript/bin/tsc',
  'vue-tsc': 'vue-tsc/bin/vue-tsc.js',
  prettier: 'prettier/bin/prettier.cjs',
  depcruise: 'dependency-cruiser/bin/dependency-cruise.mjs',
} as const;

let project: MiniProject;
beforeEach(async () => {
  project = await miniProject();
  for (const [name, path] of Object.entries(TOOLS)) await tool(name, path, 0);
  await project.write('src/heqing.ts', `console.log('config is', process.env.HEQING_CONFIG, process.argv[2]);\n`);
});
afterEach(() => project.remove());

/** A tool that says its name and its arguments, and ends as told. */
async function tool(name: string, path: string, code: number): Promise<void> {
  const body = `console.log('${name} says', process.argv.slice(2).join(' ')); process.exit(${code});\n`;
  await project.write(`tools/${path}`, body.replace('process.argv', '(globalThis.process.argv)'));
  // CommonJS and ES modules alike run this; prettier's is .cjs, TypeScript's has no extension.
  await chmod(join(project.folder, 'tools', path), 0o755);
}

describe('npm run check', () => {
  test('installs and builds on a fresh clone, then runs everything', async () => {
    const { code, output } = await project.launch(['check'], { HEQING_CONFIG: '/somewhere/else' });
    expect(output).not.toContain('✗');
    expect(output.match(/✓/g)).toHaveLength(7);
    expect(code).toBe(0);
  });

  test.each(Object.entries(TOOLS))('%s failing fails it, and says why', async (name, path) => {
    await tool(name, path, 2);
    const { code, output, lastLine } = await project.launch(['check']);
    expect(code).toBe(1);
    expect(output).toContain(`${name} says`);
    expect(lastLine).toMatch(/failed: /);
    expect(output.match(/✓/g)).toHaveLength(name === 'tsc' ? 5 : 6);
  });

  test("the project's own config is checked, and a fault in it fails it", async () => {
    await project.write(
      'src/heqing.ts',
      `console.log('config is', process.env.HEQING_CONFIG, process.argv[2]); process.exit(1);\n`,
    );
    const { code, output } = await project.launch(['check'], { HEQING_CONFIG: '/somewhere/else' });
    expect(code).toBe(1);
    expect(output).toContain(`config is ${join(project.folder, 'config')} check-config`);
  });

  test('a build that fails is named, and the rest is still checked', async () => {
    await project.write('src/main.ts', '// type error\n');
    const { code, output, lastLine } = await project.launch(['check']);
    expect(code).toBe(1);
    expect(output).toContain('error TS2322 in main.ts');
    expect(output).toContain('✓ lint');
    expect(lastLine).toContain('build');
  });
});

describe('.ci/run', () => {
  const npm = (check: number, tests: number, line: string): string => `
    note('CI=' + process.env.CI);
    const check = process.argv[2] === 'run';
    console.log(check ? 'checked' : '${line}');
    if (!check) console.error('npm error something');
    process.exit(check ? ${check} : ${tests});`;

  const ci = async (): Promise<{ code: number | null; lastLine: string; calls: string[] }> => {
    const { code, lastLine } = await runIn(project, 'bash', ['.ci/run'], {
      PATH: `${join(project.folder, 'bin')}:${process.env.PATH ?? ''}`,
    }).ended;
    return { code, lastLine, calls: await project.calls() };
  };

  beforeEach(async () => {
    await mkdir(join(project.folder, '.ci'));
    await cp(resolve(import.meta.dirname, '../../.ci/run'), join(project.folder, '.ci/run'));
  });

  test('runs both in CI and ends with the line of the tests', async () => {
    await project.program('npm', npm(0, 0, '12 passed, 0 failed'));
    expect(await ci()).toEqual({
      code: 0,
      lastLine: '12 passed, 0 failed',
      calls: ['CI=true', 'CI=true', 'npm run check', 'npm test'],
    });
  });

  test.each([
    { check: 1, tests: 0, line: '12 passed, 0 failed' },
    { check: 0, tests: 1, line: '11 passed, 1 failed' },
    { check: 1, tests: 1, line: '0 passed, 1 failed' },
  ])('fails when check ends with $check and the tests with $tests', async ({ check, tests, line }) => {
    await project.program('npm', npm(check, tests, line));
    expect(await ci()).toMatchObject({ code: 1, lastLine: line });
  });

  test('tests that end without a last line are a failure', async () => {
    await project.program('npm', npm(0, 1, 'killed'));
    expect(await ci()).toMatchObject({ code: 1, lastLine: '0 passed, 1 failed' });
  });
});

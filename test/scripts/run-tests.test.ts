/** Does `npm test` say the truth in its last line and in its exit code? */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { join } from 'node:path';
import { miniProject, type MiniProject } from './mini-project.js';

const GOOD = `test('one', () => expect(1).toBe(1));\ntest('two', () => expect(2).toBe(2));\n`;
const BAD = `test('three', () => expect(3).toBe(4));\n`;
const UNRUNNABLE = `import './nowhere.js';\ntest('four', () => {});\n`;

let project: MiniProject;
beforeEach(async () => {
  project = await miniProject();
});
afterEach(() => project.remove());

/** Puts programs on the path that stand for the installed servers. */
async function servers(...names: readonly string[]): Promise<void> {
  for (const name of names) await project.program(name, '');
}

describe('the last line', () => {
  test('counts what passed, on a fresh clone', async () => {
    await project.write('test/good.test.js', GOOD);
    expect(await project.launch(['test'])).toMatchObject({ code: 0, lastLine: '2 passed, 0 failed' });
    expect((await project.calls()).filter((call) => call.startsWith('npm ci'))).toHaveLength(1);
  });

  test('counts a failed test and a file that could not run', async () => {
    await project.write('test/good.test.js', GOOD);
    await project.write('test/bad.test.js', BAD);
    await project.write('test/unrunnable.test.js', UNRUNNABLE);
    expect(await project.launch(['test'])).toMatchObject({ code: 1, lastLine: '2 passed, 2 failed' });
  });

  test('passes its arguments on to Jest', async () => {
    await project.write('test/good.test.js', GOOD);
    await project.write('test/bad.test.js', BAD);
    expect(await project.launch(['test', 'test/good', '-t', 'one'])).toMatchObject({ code: 0, lastLine: '1 passed, 0 failed' });
  });

  test('no test is no success', async () => {
    expect(await project.launch(['test'])).toMatchObject({ code: 1, lastLine: '0 passed, 1 failed' });
    await project.write('test/good.test.js', GOOD);
    expect(await project.launch(['test', '--passWithNoTests', 'nothing-is-called-this'])).toMatchObject({
      code: 1,
      lastLine: '0 passed, 1 failed',
    });
  });

  test.each([0, 3])('a run that ends with %i and without a report is a failure', async (code) => {
    await project.write('test/good.test.js', GOOD);
    await project.write('tools/jest/bin/jest.js', `console.log('gone'); process.exit(${code});\n`);
    expect(await project.launch(['test'])).toMatchObject({ code: 1, lastLine: '0 passed, 1 failed' });
  });

  test('a build that fails is a failure', async () => {
    await project.write('test/good.test.js', GOOD);
    await project.write('src/main.ts', '// type error\n');
    const failed = await project.launch(['test']);
    expect(failed).toMatchObject({ code: 1, lastLine: '0 passed, 1 failed' });
    expect(failed.output).toContain('error TS2322 in main.ts');
  });
});

describe('real servers', () => {
  const all = ['influxd', 'mosquitto', 'mosquitto_pub', 'chromium', 'docker-compose'] as const;
  const leave = (...lines: readonly string[]): string =>
    `import { appendFileSync } from 'node:fs';
     test('leaves word', () => appendFileSync(process.env.HEQING_NOT_TESTED, ${JSON.stringify(`${lines.join('\n')}\n`)}));\n`;

  test('what was not tested is named once, before the last line', async () => {
    await servers(...all);
    await project.write('test/one.test.js', leave('InfluxDB', 'a full disk'));
    await project.write('test/two.test.js', leave('InfluxDB'));
    const { code, output } = await project.launch(['test']);
    expect(code).toBe(0);
    const lines = output.trimEnd().split('\n').slice(-3);
    expect(lines).toEqual([
      expect.stringContaining('not tested: '),
      expect.stringContaining('not tested: '),
      '2 passed, 0 failed',
    ]);
    expect(lines.filter((line) => line.includes('InfluxDB'))).toHaveLength(1);
    expect(lines.filter((line) => line.includes('a full disk'))).toHaveLength(1);
  });

  test('in CI an untested server is a failure, another untested thing is not', async () => {
    await servers(...all);
    // Every package is asked for that is not there; the font may be among them.
    await project.program('apt-get', '');
    await project.program('sudo', '');
    await project.write('test/one.test.js', leave('a full disk'));
    expect(await project.launch(['test'], { CI: 'true' })).toMatchObject({ code: 0, lastLine: '1 passed, 0 failed' });
    await project.write('test/one.test.js', leave('Chromium'));
    expect(await project.launch(['test'], { CI: 'true' })).toMatchObject({ code: 1, lastLine: '1 passed, 1 failed' });
  });

  test('in CI missing servers are installed as Debian packages, and none is left running', async () => {
    await project.write('test/good.test.js', GOOD);
    await project.program('mosquitto', '');
    const put = `import { writeFileSync } from 'node:fs';
      if (process.argv.includes('install')) {
        note('frontend ' + process.env.DEBIAN_FRONTEND);
        for (const name of ['influxd', 'mosquitto_pub', 'chromium', 'docker-compose']) writeFileSync(root + '/bin/' + name, '');
      }`;
    await project.program('apt-get', put);
    await project.program(
      'sudo',
      `import { spawnSync } from 'node:child_process';
      const rest = process.argv.slice(2).filter((arg) => arg !== '-n');
      process.exit(spawnSync(rest[0], rest.slice(1), { stdio: 'inherit' }).status ?? 1);`,
    );
    await project.program('service', '');
    await project.program('systemctl', '');
    expect(await project.launch(['test'], { CI: 'true' })).toMatchObject({ code: 0, lastLine: '2 passed, 0 failed' });
    const calls = await project.calls();
    const installed = calls.find((call) => call.startsWith('apt-get') && call.includes(' install ')) ?? '';
    expect(calls.filter((call) => call.startsWith('apt-get') && call.endsWith(' update'))).toHaveLength(1);
    expect(installed.split(' ')).toEqual(expect.arrayContaining(['influxdb', 'mosquitto-clients', 'chromium', 'docker-compose']));
    expect(installed.split(' ')).not.toContain('mosquitto');
    expect(calls).toContain('frontend noninteractive');
    const rested = calls.filter((call) => /^(service|systemctl) /.test(call));
    expect(rested).toEqual([expect.stringContaining('influxdb')]);
    expect(await project.read('bin/chromium')).toBe('');
  });

  test('in CI a server that cannot be installed fails the run', async () => {
    await project.write('test/good.test.js', GOOD);
    await servers('mosquitto', 'mosquitto_pub', 'chromium', 'docker-compose');
    await project.program(
      'apt-get',
      `if (process.argv.includes('install')) { console.log('E: no such package'); process.exit(100); }`,
    );
    await project.program('sudo', `console.log('E: no such package'); process.exit(1);`);
    const failed = await project.launch(['test'], { CI: 'true' });
    expect(failed).toMatchObject({ code: 1, lastLine: '0 passed, 1 failed' });
    expect(failed.output).toContain('E: no such package');
  });

  test('elsewhere a missing server is named and the rest is tested', async () => {
    await project.write('test/good.test.js', GOOD);
    await servers('influxd', 'mosquitto', 'mosquitto_pub', 'docker-compose');
    const { code, output, lastLine } = await project.launch(['test'], { CI: '' });
    expect({ code, lastLine }).toEqual({ code: 0, lastLine: '2 passed, 0 failed' });
    expect(output).toMatch(/not tested: Chromium$/m);
    expect(output).not.toMatch(/not tested: (InfluxDB|Mosquitto)/);
  });
});

test('leaves nothing in the temporary folder', async () => {
  await project.write('test/good.test.js', GOOD);
  await project.write('tmp/keep', '');
  await project.launch(['test'], { TMPDIR: join(project.folder, 'tmp') });
  const { readdir } = await import('node:fs/promises');
  expect((await readdir(join(project.folder, 'tmp'))).filter((name) => name.startsWith('heqing-'))).toEqual([]);
});

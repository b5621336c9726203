/** Start, listen, stop. */
import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ConsoleLogger } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { assemble, type Service } from './app.module.js';
import { isLoopback, loadDotEnv } from './adapters/config/environment.js';
import { ConfigFaults } from './adapters/config/faults.js';
import { siteWarnings } from './adapters/config/site-warnings.js';
import { damageInWords } from './adapters/sqlite/database.js';
import { configureHttp, httpApplicationOptions } from './adapters/http/http.module.js';
import type { HttpOptions } from './adapters/http/access/tokens.js';
import { localDate } from './domain/time.js';
import { cannotListen } from './pipeline/cannot-listen.js';
import { type Configured, readAll } from './read-all.js';

/** After a signal everything must have ended by then (contract §1). */
const STOP_WITHIN = 9500;

/** What asks the service to stop. */
const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

const here = dirname(fileURLToPath(import.meta.url));
const { version } = JSON.parse(readFileSync(join(here, '..', 'package.json'), 'utf8')) as { version: string };

/** What an operator may read: what is wrong, without a stack trace. */
function fail(words: string): never {
  console.error(words);
  process.exit(1);
}

/** Reads environment and config; a fault of either ends the process. */
function configure(): Configured {
  loadDotEnv();
  try {
    const configured = readAll(process.env);
    const { environment, loaded } = configured;
    const today = localDate(Date.now(), loaded.site.calendar);
    for (const warning of [...environment.warnings, ...siteWarnings(loaded.site, today, process.env)]) {
      console.warn(`注意 ${warning}`);
    }
    return configured;
  } catch (error) {
    if (error instanceof ConfigFaults) fail(error.message);
    throw error;
  }
}

async function main(): Promise<void> {
  const started = performance.now();
  // Nothing was taken yet, so there is nothing to finish.
  const leave = (): void => process.exit(0);
  for (const signal of SIGNALS) process.on(signal, leave);
  // State and mails hold password hashes and the key of signed links: nobody else on this machine reads what is made here.
  process.umask(0o077);
  const { environment, loaded } = configure();
  const { site } = loaded;
  const http: HttpOptions = {
    publicRead: environment.open === 'all',
    publicFigures: environment.open !== 'none',
    trustProxy: environment.trustProxy,
    publicUrl: environment.publicUrl,
    isLoopback: isLoopback(environment.http.host),
    webFolder: join(here, 'web'),
  };
  const service = assemble(environment, loaded, http);
  const admin = await service.accounts.ensureAdmin(environment.adminPassword ?? undefined);
  // At once: should the start fail further on, nothing would ever show it again.
  if (admin.outcome === 'made')
    console.log(`账号 account  admin  初始密码 password: ${admin.password}(只显示这一次 shown this once)`);
  if (admin.outcome === 'ignored')
    console.warn(
      '注意 HEQING_ADMIN_PASSWORD 只用于首次启动,现在不起作用;改口令用 heqing account password admin。It made the first account and is ignored now: change the password with heqing account password admin.',
    );
  const short = http.isLoopback ? [] : service.accounts.shortPasswords();
  if (short.length > 0) {
    fail(
      `账号 ${short.join('、')} 的口令不足 12 个字符,不能对外开放:先用 heqing account password 重设。Passwords too short to listen beyond loopback.`,
    );
  }
  const isTerminal = process.stdout.isTTY === true && process.stderr.isTTY === true;
  const app = await NestFactory.create<NestExpressApplication>(service.module, {
    ...httpApplicationOptions,
    // Escape codes are for a terminal: in a journal or a file they are noise.
    logger: new ConsoleLogger({ logLevels: ['error', 'warn'], colors: isTerminal && !process.env.NO_COLOR }),
  });
  configureHttp(app, http, version);
  stopOnSignal(app, service);
  for (const signal of SIGNALS) process.off(signal, leave);
  const { host, port } = environment.http;
  await app.listen(port, host).catch((error: NodeJS.ErrnoException) => {
    throw new Error(cannotListen(error, host, port, 'HTTP') ?? `不能在 cannot listen on ${host}:${port}:${error.message}`, {
      cause: error,
    });
  });
  await service.start();

  const listening = `http://${host.includes(':') && !host.startsWith('[') ? `[${host}]` : host}:${port}`;
  const lines: [string, string][] = [
    ['网页 page', listening === environment.publicUrl ? listening : `${environment.publicUrl}(listening on ${listening})`],
    ['接入 broker', `${service.line.address}(${service.line.state().detail})`],
    ['归档 archive', service.archive.address ?? `${service.archive.name} ${environment.dataDir}`],
    ['邮件 mail', service.mailer.address ?? join(environment.dataDir, 'mail')],
    ['站点 stations', `${[...site.stations.values()].filter((station) => station.active).length} · ${site.name}`],
  ];
  for (const [part, address] of lines) console.log(`${part}  ${address}`);
  console.log(`河清 ${version} 已就绪 ready,${((performance.now() - started) / 1000).toFixed(1)} s`);
}

/** SIGTERM or Ctrl-C: no new readings, what was taken is finished, exit 0. */
function stopOnSignal(app: NestExpressApplication, service: Service): void {
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(1), STOP_WITHIN).unref();
    void (async () => {
      await app.close();
      await service.stop();
      process.exit(0);
    })().catch((error: unknown) => fail(`停止时出错 stopping failed: ${String(error)}`));
  };
  for (const signal of SIGNALS) process.on(signal, stop);
}

main().catch((error: unknown) => {
  const { message } = error as Error;
  // Our own mistakes need their stack; what an operator can mend needs words only.
  const bug = error instanceof TypeError || error instanceof ReferenceError || !(error instanceof Error);
  fail(`未能启动 could not start: ${damageInWords(error) ?? (bug ? String((error as Error).stack ?? error) : message)}`);
});

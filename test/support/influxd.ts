/** A real InfluxDB 1.x on free ports. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from './free-port.js';
import { RealServer } from './server-process.js';
import { temporaryFolder } from './temporary-folder.js';

/** An InfluxDB that runs; after `stop` or `kill`, `start` brings it back on the same port with the same folder. */
export interface Influxd {
  readonly port: number;
  /** `http://127.0.0.1:PORT/heqing` */
  readonly url: string;
  start(): Promise<void>;
  stop(): Promise<void>;
  kill(): Promise<void>;
  /** Runs InfluxQL over HTTP and returns the body as parsed JSON, whatever the status. */
  query(q: string, login?: string): Promise<unknown>;
  /** Ends it and deletes its folder. */
  dispose(): Promise<void>;
}

/** Starts one; `auth`: it asks for users (make the first admin with `query`). */
export async function startInfluxd(options: { readonly auth?: boolean } = {}): Promise<Influxd> {
  const folder = await temporaryFolder('influxd');
  const port = await freePort();
  const backupPort = await freePort();
  const config = join(folder.path, 'influxdb.conf');
  await writeFile(
    config,
    `reporting-disabled = true
bind-address = "127.0.0.1:${backupPort}"
[meta]
  dir = "${folder.path}/meta"
[data]
  dir = "${folder.path}/data"
  wal-dir = "${folder.path}/wal"
[http]
  bind-address = "127.0.0.1:${port}"
  log-enabled = false
  auth-enabled = ${options.auth === true}
[monitor]
  store-enabled = false
[logging]
  level = "warn"
`,
  );
  const origin = `http://127.0.0.1:${port}`;
  const answers = () => fetch(`${origin}/ping`).then(({ status }) => status === 204);
  const server = new RealServer('influxd', ['-config', config], answers, { HOME: folder.path });
  await server.start();
  return {
    port,
    url: `${origin}/heqing`,
    start: () => server.start(),
    stop: () => server.stop(),
    kill: () => server.kill(),
    query: async (q, login) => {
      const answer = await fetch(`${origin}/query?db=heqing&epoch=ms`, {
        method: 'POST',
        body: new URLSearchParams({ q }),
        headers: login ? { authorization: `Basic ${Buffer.from(login).toString('base64')}` } : {},
      });
      return (await answer.json()) as unknown;
    },
    dispose: async () => {
      await server.kill();
      await folder.remove();
    },
  };
}

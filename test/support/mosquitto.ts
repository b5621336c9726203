/** A real Mosquitto on a free port that writes every change to disk at once, so that what it acknowledged survives a kill. */
import { writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { freePort } from './free-port.js';
import { RealServer } from './server-process.js';
import { temporaryFolder } from './temporary-folder.js';

/** A Mosquitto that runs; after `stop` or `kill`, `start` brings it back on the same port with the same folder. */
export interface Mosquitto {
  readonly port: number;
  /** `mqtt://127.0.0.1:PORT` */
  readonly url: string;
  start(): Promise<void>;
  stop(): Promise<void>;
  kill(): Promise<void>;
  /** Ends it and deletes its folder. */
  dispose(): Promise<void>;
}

/** Starts one. `settings`: further lines of its config. */
export async function startMosquitto(settings: readonly string[] = []): Promise<Mosquitto> {
  const folder = await temporaryFolder('mosquitto');
  const port = await freePort();
  const config = join(folder.path, 'mosquitto.conf');
  const lines = [
    `listener ${port} 127.0.0.1`,
    ...(settings.some((line) => line.startsWith('allow_anonymous')) ? [] : ['allow_anonymous true']),
    // Started as root it would else become a user who may not write into this folder.
    ...(process.getuid?.() === 0 ? ['user root'] : []),
    'persistence true',
    `persistence_location ${folder.path}/`,
    'autosave_on_changes true',
    'autosave_interval 1',
    'max_inflight_messages 1000',
    'max_queued_messages 100000',
    ...settings,
  ];
  await writeFile(config, `${lines.join('\n')}\n`);
  const server = new RealServer('mosquitto', ['-c', config], () => listens(port));
  await server.start();
  return {
    port,
    url: `mqtt://127.0.0.1:${port}`,
    start: () => server.start(),
    stop: () => server.stop(),
    kill: () => server.kill(),
    dispose: async () => {
      await server.kill();
      await folder.remove();
    },
  };
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

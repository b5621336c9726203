/** On which parts does the service stand? The embedded ones, or real servers in processes of their own. */
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ReadMail } from '../support/eml.js';
import type { ProtocolVersion } from '../support/device.js';
import { startInfluxd } from '../support/influxd.js';
import type { Influxd } from '../support/influxd.js';
import { startMosquitto } from '../support/mosquitto.js';
import { PROJECT, startService } from '../support/service.js';
import type { RunningService } from '../support/service.js';
import { TestSmtp } from '../support/smtp.js';
import { temporaryFolder, type TemporaryFolder } from '../support/temporary-folder.js';
import { mailFiles } from './ask.js';

/** The service on its parts. */
export interface SetUp {
  readonly service: RunningService;
  /** What its devices can speak. */
  readonly versions: readonly ProtocolVersion[];
  /** `null`: the archive is embedded. */
  readonly influxd: Influxd | null;
  /** The mails that reached their people. */
  mails(): Promise<readonly ReadMail[]>;
  /** Ends everything and deletes its folders. */
  dispose(): Promise<void>;
}

/** The shipped config, in which a 【恢复】 does not wait for five minutes after the mail before it. */
export async function promptConfig(): Promise<TemporaryFolder> {
  const folder = await temporaryFolder('config');
  await cp(join(PROJECT, 'config'), folder.path, { recursive: true });
  const file = join(folder.path, 'notices.yaml');
  const text = await readFile(file, 'utf8');
  const prompt = text.replace(/groupMinutes: \d+/, 'groupMinutes: 0');
  if (prompt === text) throw new Error('notices.yaml has no groupMinutes');
  await writeFile(file, prompt);
  return folder;
}

/** aedes, SQLite and `.eml` files. */
export async function embedded(): Promise<SetUp> {
  const config = await promptConfig();
  try {
    const service = await startService({ env: { HEQING_CONFIG: config.path } });
    const dispose = async (): Promise<void> => {
      await service.dispose();
      await config.remove();
    };
    return { service, versions: [4], influxd: null, mails: () => mailFiles(service), dispose };
  } catch (error) {
    await config.remove();
    throw error;
  }
}

/** Mosquitto, InfluxDB and an SMTP server. */
export async function real(): Promise<SetUp> {
  const undo: (() => Promise<unknown>)[] = [];
  const dispose = async (): Promise<void> => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    const mosquitto = await startMosquitto();
    undo.push(() => mosquitto.dispose());
    const influxd = await startInfluxd();
    undo.push(() => influxd.dispose());
    const smtp = new TestSmtp();
    await smtp.start();
    undo.push(() => smtp.stop());
    const config = await promptConfig();
    undo.push(() => config.remove());
    const service = await startService({
      env: {
        HEQING_CONFIG: config.path,
        MQTT_URL: mosquitto.url,
        INFLUX_URL: influxd.url,
        SMTP_URL: smtp.url,
        MAIL_FROM: 'heqing@example.org',
      },
    });
    undo.push(() => service.dispose());
    return { service, versions: [4, 5], influxd, mails: () => Promise.resolve(smtp.mails), dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

/** Where is an outside part, given its URL? Read as the service reads its environment. */
import {
  type InfluxServer,
  type OutsideBroker,
  readEnvironment,
  type SmtpServer,
} from '../../src/adapters/config/environment.js';

/** The broker of a `MQTT_URL`. Throws at one that the service would not take. */
export function brokerAt(url: string): OutsideBroker {
  const { broker } = readEnvironment({ MQTT_URL: url });
  if (broker.kind !== 'outside') throw new Error('no URL of a broker');
  return broker;
}

/** The database of an `INFLUX_URL`. */
export function influxAt(url: string): InfluxServer {
  const { influx } = readEnvironment({ INFLUX_URL: url });
  if (influx === null) throw new Error('no URL of a database');
  return influx;
}

/** The mail server of an `SMTP_URL`. */
export function smtpAt(url: string): SmtpServer {
  const { smtp } = readEnvironment({ SMTP_URL: url });
  if (smtp === null) throw new Error('no URL of a mail server');
  return smtp;
}

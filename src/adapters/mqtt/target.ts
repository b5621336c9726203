/** Which broker does `MQTT_URL` mean? */
import type { Target } from './connection.js';

/** Reads `mqtt://user:password@host:1883`, `mqtts://…`, `ws://…` or `wss://…`. Throws in words, without the password. */
export function readTarget(url: string, clientId: string): Target {
  const wrong = (why: string) => new Error(`MQTT_URL ${why}: expected mqtt://user:password@host:1883 or mqtts://…`);
  if (clientId === '')
    throw new Error('the client id is empty: with a random one the broker would keep a session nobody comes back to');
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    throw wrong('is not a URL');
  }
  const protocol = parsed.protocol.slice(0, -1);
  const ports: Record<Target['protocol'], number> = { mqtt: 1883, mqtts: 8883, ws: 80, wss: 443 };
  if (!(protocol in ports)) throw wrong(`begins with ${parsed.protocol}//`);
  if (parsed.hostname === '') throw wrong('names no host');
  const known = protocol as Target['protocol'];
  return {
    protocol: known,
    host: parsed.hostname.replace(/^\[|\]$/g, ''),
    port: parsed.port === '' ? ports[known] : Number(parsed.port),
    path: parsed.pathname + parsed.search,
    username: parsed.username === '' ? undefined : decodeURIComponent(parsed.username),
    password: parsed.password === '' ? undefined : decodeURIComponent(parsed.password),
    clientId,
  };
}

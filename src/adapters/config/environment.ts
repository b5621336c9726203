/** Where does the service listen, and which outside parts does it use? The environment, read in this one place. */
import { existsSync, readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { parseEnv } from 'node:util';
import { z } from 'zod';
import { readBrokerTls, type BrokerTls } from './broker-tls.js';
import { ConfigFaults, quote, type ConfigFault } from './faults.js';

/** A login at an outside part, decoded from its URL. */
interface Login {
  readonly username: string | null;
  readonly password: string | null;
}

/** The outside broker. */
export interface OutsideBroker extends Login {
  readonly kind: 'outside';
  readonly protocol: 'mqtt' | 'mqtts';
  readonly host: string;
  readonly port: number;
}

/** The address on which the embedded broker listens. */
export interface EmbeddedBroker {
  readonly kind: 'embedded';
  readonly host: string;
  readonly port: number;
  /** `null`: no TLS. */
  readonly tls: BrokerTls | null;
}

/** InfluxDB 1.x. */
export interface InfluxServer extends Login {
  readonly protocol: 'http' | 'https';
  readonly host: string;
  readonly port: number;
  readonly database: string;
}

/** The mail server. `secure`: TLS from the first byte (`smtps`). */
export interface SmtpServer extends Login {
  readonly secure: boolean;
  readonly host: string;
  readonly port: number;
}

/** What the environment says (contract §2). */
export interface Environment {
  readonly configDir: string;
  readonly dataDir: string;
  readonly http: { readonly host: string; readonly port: number };
  /**
   * `HTTP_TRUST_PROXY`: addresses or networks of proxies whose word about who asks is believed, comma-separated, or `none`;
   * `null`: a proxy on this machine, while `PUBLIC_URL` is not loopback.
   */
  readonly trustProxy: string | null;
  readonly broker: OutsideBroker | EmbeddedBroker;
  /** Fixed, because the broker keeps a session under it. */
  readonly mqttClientId: string;
  /** `null`: readings are kept in the embedded archive. */
  readonly influx: InfluxServer | null;
  /** `null`: mails are kept as files. */
  readonly smtp: SmtpServer | null;
  readonly mailFrom: string;
  /** Without a slash at its end. */
  readonly publicUrl: string;
  /** `null`: a random one is made and printed once. */
  readonly adminPassword: string | null;
  /**
   * What is open without a login. `all`: the routes marked open (HTTP and `PUBLIC_URL` are loopback); `public`: only
   * `/api/v1/public/…` (`HEQING_PUBLIC=read` beyond loopback); `none`.
   */
  readonly open: 'all' | 'public' | 'none';
  /**
   * `HEQING_HEARTBEAT_URL`: asked every five minutes while the service is well, so that a watchdog outside notices silence;
   * `null`: none is.
   */
  readonly heartbeatUrl: string | null;
  /** To be printed at start. */
  readonly warnings: readonly string[];
}

/** Shortest admin password with which HTTP may listen beyond loopback, characters. */
const PASSWORD_LENGTH = 12;
/** What only the embedded broker uses. */
const EMBEDDED_ONLY = ['MQTT_HOST', 'MQTT_PORT', 'MQTT_TLS_CERT', 'MQTT_TLS_KEY', 'MQTT_TLS_CA'];
const KNOWN_OWN = ['HEQING_CONFIG', 'HEQING_DATA', 'HEQING_ADMIN_PASSWORD', 'HEQING_PUBLIC', 'HEQING_HEARTBEAT_URL'];
/** Variables of channels are named by the config (`urlFrom`, `secretFrom`); so begun, they are nobody's slip of the pen. */
const CHANNEL_OWN = 'HEQING_CHANNEL_';

/** Does only this machine reach the host? A name, an IPv4 or an IPv6 address, with or without brackets. */
export function isLoopback(host: string): boolean {
  const bare = host.toLowerCase().replace(/^\[(.*)\]$/, '$1');
  if (bare === 'localhost' || bare.endsWith('.localhost') || bare === '::1' || bare === '0:0:0:0:0:0:0:1') return true;
  const v4 = bare.replace(/^::ffff:/, '');
  return isIP(v4) === 4 && v4.startsWith('127.');
}

/** `0.0.0.0` and `::` mean every address of the machine, and none that a link could carry. */
const isWildcard = (host: string): boolean => ['0.0.0.0', '::', '[::]'].includes(host);

const port = z
  .string()
  .regex(/^\d{1,5}$/, 'must be a port, a whole number from 0 to 65535')
  .transform(Number)
  .refine((n) => n <= 65_535, 'must be a port, a whole number from 0 to 65535');
const host = z.string().regex(/^(\[[0-9a-fA-F:.]+\]|[0-9a-zA-Z._:-]+)$/, 'must be a host name or an address, e.g. 127.0.0.1');
const oneLine = z.string().regex(/^[^\p{Cc}]+$/u, 'must be one line of text without control characters');

/** Reads a URL with a login. What is wrong with it is told without the URL itself: it may hold a password. */
function url(protocols: readonly string[], example: string, path: 'database' | 'none') {
  return z.string().transform((text, context): Address => {
    const fault = (message: string): typeof z.NEVER => {
      context.addIssue({ code: 'custom', message: `${message}; it should look like ${example}` });
      return z.NEVER;
    };
    if (!URL.canParse(text)) return fault('is not a URL');
    const parsed = new URL(text);
    const protocol = parsed.protocol.slice(0, -1);
    if (!protocols.includes(protocol))
      return fault(`begins with ${quote(parsed.protocol)}, not with ${protocols.map((p) => `${p}://`).join(' or ')}`);
    if (parsed.hostname === '') return fault('names no host');
    if (parsed.search !== '' || parsed.hash !== '')
      return fault('has something after ? or #, which is not read (in a password write them %3F and %23)');
    let [username, password, rest] = ['', '', ''];
    try {
      [username, password, rest] = [parsed.username, parsed.password, parsed.pathname.replace(/^\//, '')].map(
        decodeURIComponent,
      ) as [string, string, string];
    } catch {
      return fault('has a % that is not an escape; write % itself as %25');
    }
    if (/\p{Cc}/u.test(username + password)) return fault('has a control character in its login');
    if (path === 'none' && rest !== '') return fault('has a path, which is not read');
    if (path === 'database' && rest === '') return fault('names no database');
    if (path === 'database' && !/^[^\p{Cc}"'\\/]+$/u.test(rest))
      return fault('has a database name with a quote, slash or control character');
    return {
      protocol,
      host: parsed.hostname,
      // Read from the text, since the parser drops the port that a protocol implies: `http://host:80` does not mean 8086.
      port: Number(/^[^/]*\/\/[^/]*:(\d+)(?:\/|$)/.exec(text)?.[1] ?? NaN) || null,
      path: rest,
      username: username === '' ? null : username,
      password: password === '' ? null : password,
    };
  });
}

interface Address extends Login {
  readonly protocol: string;
  readonly host: string;
  readonly port: number | null;
  readonly path: string;
}

const publicUrl = z.string().transform((text, context): string => {
  const parsed = URL.canParse(text) ? new URL(text) : null;
  const fine =
    parsed &&
    ['http:', 'https:'].includes(parsed.protocol) &&
    parsed.username === '' &&
    parsed.search === '' &&
    parsed.hash === '';
  if (fine) return text.replace(/\/+$/, '');
  context.addIssue({
    code: 'custom',
    message: 'must be the address of the pages as people open it, e.g. https://heqing.example.org',
  });
  return z.NEVER;
});

/** Not shown when it is wrong: its path is the key of the watchdog. */
const heartbeatUrl = z
  .string()
  .refine(
    (text) => URL.canParse(text) && ['http:', 'https:'].includes(new URL(text).protocol) && new URL(text).username === '',
    'must be the http or https address that a watchdog outside gave for this service, without a login',
  );

const proxies = z
  .string()
  .refine(
    (text) => text === 'none' || text.split(',').every((part) => isProxy(part.trim())),
    'must be none, or addresses and networks of proxies such as 10.0.0.2 or 10.0.0.0/24, comma-separated',
  );

/** An address, a network, or a name that Express knows for one. */
function isProxy(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/');
  const family = isIP(address);
  if (family === 0) return ['loopback', 'linklocal', 'uniquelocal'].includes(text);
  const most = family === 4 ? 32 : 128;
  return rest.length === 0 && (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) >= 1 && Number(bits) <= most));
}

const variables = z.object({
  HEQING_CONFIG: oneLine.default('./config'),
  HEQING_DATA: oneLine.default('./data'),
  HTTP_HOST: host.default('127.0.0.1'),
  HTTP_PORT: port.default(3000),
  HTTP_TRUST_PROXY: proxies.optional(),
  MQTT_URL: url(['mqtt', 'mqtts'], 'mqtt://user:password@host:1883', 'none').optional(),
  MQTT_HOST: host.default('127.0.0.1'),
  MQTT_PORT: port.default(1883),
  MQTT_TLS_CERT: oneLine.optional(),
  MQTT_TLS_KEY: oneLine.optional(),
  MQTT_TLS_CA: oneLine.optional(),
  MQTT_CLIENT_ID: oneLine.max(128, 'must be at most 128 characters long').default('heqing'),
  INFLUX_URL: url(['http', 'https'], 'http://user:password@host:8086/database', 'database').optional(),
  SMTP_URL: url(['smtp', 'smtps'], 'smtp://user:password@host:587', 'none').optional(),
  MAIL_FROM: z
    .string()
    .regex(
      /^([^<>\p{Cc}]*<[^\s<>@]+@[^\s<>@]+>|[^\s<>@]+@[^\s<>@]+)$/u,
      'must be a mail address on one line, e.g. heqing@example.org or 河清 <heqing@example.org>',
    )
    .default('heqing@localhost'),
  PUBLIC_URL: publicUrl.optional(),
  HEQING_ADMIN_PASSWORD: z.string().optional(),
  HEQING_PUBLIC: z.enum(['read', 'none'], 'must be read or none').optional(),
  HEQING_HEARTBEAT_URL: heartbeatUrl.optional(),
});

/**
 * Reads the environment (contract §2). A variable that is set to nothing counts as unset. Throws `ConfigFaults` with every
 * fault at once, the refusal to open the pages to others without a password among them; no secret is ever in a fault.
 */
export function readEnvironment(env: NodeJS.ProcessEnv): Environment {
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const result = variables.safeParse(set);
  if (!result.success) {
    throw new ConfigFaults([
      ...result.error.issues.map((issue) => fault(String(issue.path[0]), issue.message)),
      ...leniently(set),
    ]);
  }
  const vars = result.data;
  const tls = vars.MQTT_URL ? null : readBrokerTls(vars);
  const refused = [...refusals(vars), ...(tls?.faults ?? []).map(({ variable, message }) => fault(variable, message))];
  if (refused.length > 0) throw new ConfigFaults(refused);

  const { MQTT_URL: mqtt, INFLUX_URL: influx, SMTP_URL: smtp } = vars;
  const pages = vars.PUBLIC_URL ?? `http://${bracketed(vars.HTTP_HOST)}:${vars.HTTP_PORT}`;
  const near = isLoopback(vars.HTTP_HOST) && isLoopback(new URL(pages).hostname);
  const access = vars.HEQING_PUBLIC ?? (near ? 'read' : 'none');
  const login = ({ username, password }: Address): Login => ({ username, password });
  return {
    configDir: vars.HEQING_CONFIG,
    dataDir: vars.HEQING_DATA,
    http: { host: unbracketed(vars.HTTP_HOST), port: vars.HTTP_PORT },
    broker: mqtt
      ? {
          kind: 'outside',
          protocol: mqtt.protocol === 'mqtts' ? 'mqtts' : 'mqtt',
          host: unbracketed(mqtt.host),
          port: mqtt.port ?? (mqtt.protocol === 'mqtts' ? 8883 : 1883),
          ...login(mqtt),
        }
      : { kind: 'embedded', host: unbracketed(vars.MQTT_HOST), port: vars.MQTT_PORT, tls: tls?.tls ?? null },
    trustProxy: vars.HTTP_TRUST_PROXY ?? null,
    mqttClientId: vars.MQTT_CLIENT_ID,
    influx: influx
      ? {
          protocol: influx.protocol === 'https' ? 'https' : 'http',
          host: unbracketed(influx.host),
          port: influx.port ?? 8086,
          database: influx.path,
          ...login(influx),
        }
      : null,
    smtp: smtp
      ? {
          secure: smtp.protocol === 'smtps',
          host: unbracketed(smtp.host),
          port: smtp.port ?? (smtp.protocol === 'smtps' ? 465 : 587),
          ...login(smtp),
        }
      : null,
    mailFrom: vars.MAIL_FROM,
    publicUrl: pages,
    adminPassword: vars.HEQING_ADMIN_PASSWORD ?? null,
    heartbeatUrl: vars.HEQING_HEARTBEAT_URL ?? null,
    open: access === 'none' ? 'none' : near ? 'all' : 'public',
    warnings: [...warnings(vars, pages, set), ...(tls?.warnings ?? [])],
  };
}

/** Reads a `.env` file, if there is one, into `env`. Variables that are already set, to nothing even, stay as they are. */
export function loadDotEnv(env: NodeJS.ProcessEnv = process.env, path = '.env'): void {
  if (!existsSync(path)) return;
  for (const [name, value] of Object.entries(parseEnv(readFileSync(path, 'utf8')))) env[name] ??= value;
}

type Variables = z.infer<typeof variables>;

const fault = (path: string, message: string): ConfigFault => ({ file: 'environment', line: null, path, message });

/** The refusals that can already be told although another variable is wrong, so that all faults come at once. */
function leniently(set: Record<string, string | undefined>): ConfigFault[] {
  const usable = Object.fromEntries(
    Object.entries(set).filter(([name, value]) => name in variables.shape && variables.safeParse({ [name]: value }).success),
  );
  return refusals(variables.parse(usable));
}

/**
 * Promise 11: nothing listens beyond loopback without credentials. Whether devices have any stands in the state file, which
 * is asked at start.
 */
function refusals(vars: Variables): ConfigFault[] {
  const faults: ConfigFault[] = [];
  if (!isLoopback(vars.HTTP_HOST) && [...(vars.HEQING_ADMIN_PASSWORD ?? '')].length < PASSWORD_LENGTH) {
    const found = vars.HEQING_ADMIN_PASSWORD === undefined ? 'it is unset' : 'it is shorter';
    faults.push(
      fault(
        'HEQING_ADMIN_PASSWORD',
        `HTTP_HOST=${vars.HTTP_HOST} is reached from other machines, which needs an admin password of at least ${PASSWORD_LENGTH} characters and ${found}; set one, or listen on 127.0.0.1`,
      ),
    );
  }
  return faults;
}

function warnings(vars: Variables, pages: string, set: Record<string, string | undefined>): string[] {
  const list: string[] = [];
  const { hostname } = new URL(pages);
  if (vars.SMTP_URL && (isLoopback(hostname) || isWildcard(hostname))) {
    list.push(
      `PUBLIC_URL 是 ${pages}:邮件里的链接在别的电脑上打不开。Links in mails will open on this machine only; set PUBLIC_URL.`,
    );
  }
  const idle = EMBEDDED_ONLY.filter((name) => set[name] !== undefined).join(', ');
  if (vars.MQTT_URL && idle !== '') {
    list.push(`已设 MQTT_URL,${idle} 不起作用。MQTT_URL is set, so ${idle} is not used.`);
  }
  for (const name of Object.keys(set).filter(
    (key) => key.startsWith('HEQING_') && !key.startsWith(CHANNEL_OWN) && !KNOWN_OWN.includes(key),
  )) {
    list.push(`不认识环境变量 ${name}。Nothing reads the variable ${name}; known are ${KNOWN_OWN.join(', ')}.`);
  }
  return list;
}

const unbracketed = (name: string): string => name.replace(/^\[(.*)\]$/, '$1');
const bracketed = (name: string): string => (isIP(name) === 6 ? `[${name}]` : name);

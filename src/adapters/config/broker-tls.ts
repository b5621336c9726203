/** With which certificate does the embedded broker show itself, and must devices show one? Three files, read and tried. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';

/** What stands in the files, PEM. */
export interface BrokerTls {
  readonly cert: string;
  readonly key: string;
  /** Who signs the certificates of devices; `null`: devices show none. */
  readonly ca: string | null;
}

type Variable = 'MQTT_TLS_CERT' | 'MQTT_TLS_KEY' | 'MQTT_TLS_CA';

/** What came of the three variables: faults leave `tls` null. */
export interface ReadTls {
  readonly tls: BrokerTls | null;
  readonly faults: readonly { readonly variable: Variable; readonly message: string }[];
  readonly warnings: readonly string[];
}

/** From here on an operator is reminded of the end of a certificate, days. */
const REMIND_DAYS = 30;
const DAY = 24 * 60 * 60 * 1000;

/** Reads the files that the variables name; all of them unset is no TLS and no fault. Key and certificate must belong together. */
export function readBrokerTls(paths: Readonly<Partial<Record<Variable, string | undefined>>>): ReadTls {
  const faults: { variable: Variable; message: string }[] = [];
  const read = (variable: Variable, kind: string, parse: (pem: string) => unknown): string | null => {
    const path = paths[variable];
    if (path === undefined) return null;
    try {
      const pem = readFileSync(path, 'utf8');
      parse(pem);
      return pem;
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      const why =
        code === 'ENOENT' ? 'is not there' : code === 'EACCES' ? 'may not be read' : `is no ${kind} in PEM (${message})`;
      faults.push({ variable, message: `${path} ${why}; name a file with a ${kind}` });
      return null;
    }
  };
  const [cert, key, ca] = [
    read('MQTT_TLS_CERT', 'certificate', (pem) => new X509Certificate(pem)),
    read('MQTT_TLS_KEY', 'private key without a password', (pem) => createPrivateKey(pem)),
    read('MQTT_TLS_CA', 'certificate', (pem) => new X509Certificate(pem)),
  ];
  const wanted = paths.MQTT_TLS_CERT ?? paths.MQTT_TLS_KEY ?? paths.MQTT_TLS_CA;
  for (const variable of ['MQTT_TLS_CERT', 'MQTT_TLS_KEY'] as const) {
    if (wanted !== undefined && paths[variable] === undefined) {
      faults.push({ variable, message: 'is unset; TLS needs both MQTT_TLS_CERT and MQTT_TLS_KEY' });
    }
  }
  if (faults.length > 0 || cert === null || key === null) return { tls: null, faults, warnings: [] };
  try {
    createSecureContext({ cert, key });
  } catch (error) {
    const message = `does not belong to the certificate in MQTT_TLS_CERT (${(error as Error).message})`;
    return { tls: null, faults: [{ variable: 'MQTT_TLS_KEY', message }], warnings: [] };
  }
  return { tls: { cert, key, ca }, faults, warnings: endings(cert) };
}

function endings(cert: string): string[] {
  const { validTo } = new X509Certificate(cert);
  const left = Math.floor((Date.parse(validTo) - Date.now()) / DAY);
  if (left >= REMIND_DAYS) return [];
  return [
    `MQTT_TLS_CERT 的证书${left < 0 ? '已于' : '将于'} ${validTo} 到期,到期后设备连不上。The broker's certificate ${left < 0 ? 'ended' : 'ends'} at ${validTo}: renew it.`,
  ];
}

/** Where do devices knock? At a TCP port, in plain text or with TLS. */
import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, TLSSocket } from 'node:tls';

const HANDSHAKE_MS = 10_000;

/** Certificates and key of the broker, PEM. */
export interface TlsFiles {
  readonly cert: string;
  readonly key: string;
  /** Who signs the certificates of devices: then each must show one that names it (mutual TLS). `null`: none is asked for. */
  readonly ca: string | null;
}

/**
 * A server that does not listen yet. `knocked` hears of every TCP connection, `came` of a socket to speak MQTT on: the same
 * one, or with TLS the one above it once its handshake is done; `failed` why a handshake was not.
 */
export function createListener(
  tls: TlsFiles | null,
  on: { knocked: (socket: Socket) => void; came: (socket: Socket) => void; failed: (error: Error) => void },
): Server {
  const tcp = { noDelay: true, keepAlive: true, keepAliveInitialDelay: 60_000 };
  if (tls === null) {
    return createServer(tcp, (socket) => {
      on.knocked(socket);
      on.came(socket);
    });
  }
  const { cert, key, ca } = tls;
  const server = createTlsServer(
    {
      ...tcp,
      cert,
      key,
      ...(ca !== null && { ca, requestCert: true, rejectUnauthorized: true }),
      minVersion: 'TLSv1.2',
      handshakeTimeout: HANDSHAKE_MS,
    },
    on.came,
  );
  server.on('connection', on.knocked);
  server.on('tlsClientError', on.failed);
  return server;
}

/**
 * The names a device's certificate vouches for: its common name and its DNS names (subjectAltName). `null`: no certificate
 * was asked for, so that a name needs a secret. Node writes what could be mistaken for a list in quotes, which no device's
 * name has.
 */
export function certifiedNames(socket: unknown): string[] | null {
  if (!(socket instanceof TLSSocket) || !socket.authorized) return null;
  const { subject, subjectaltname = '' } = socket.getPeerCertificate();
  const dns = subjectaltname.split(', ').flatMap((name) => (name.startsWith('DNS:') ? [name.slice('DNS:'.length)] : []));
  return [...[subject?.CN ?? []].flat(), ...dns];
}

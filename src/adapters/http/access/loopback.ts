/** Does a request, or an address, stay on this machine? */
import { isIP } from 'node:net';
import type { Request } from 'express';

/** True for `localhost`, `127.0.0.0/8` and `::1`, with or without brackets and port. */
export function isLoopbackHost(host: string): boolean {
  const bare = host.startsWith('[') ? host.slice(1, host.indexOf(']')) : host.replace(/^([^:]*):\d+$/, '$1');
  const name = bare.toLowerCase().replace(/^::ffff:/, '');
  if (name === 'localhost' || name === '::1') return true;
  return isIP(name) === 4 && name.startsWith('127.');
}

/** True when the host of a URL is loopback; false for what is not a URL. */
export function isLoopbackUrl(url: string): boolean {
  return URL.canParse(url) && isLoopbackHost(new URL(url).host);
}

/** Under which address do other machines open the pages? `PUBLIC_URL`; `null` where that names this machine alone, or every one. */
export function addressForOthers(publicUrl: string): string | null {
  const { hostname } = new URL(publicUrl);
  return isLoopbackUrl(publicUrl) || hostname === '0.0.0.0' || hostname === '[::]' ? null : publicUrl.replace(/\/+$/, '');
}

/**
 * True when a request came from this machine, was meant for it by name, and passed no proxy. The name matters: a site
 * whose name was made to resolve to 127.0.0.1 must not read what is open on loopback.
 */
export function isFromLoopback(request: Request): boolean {
  const { host } = request.headers;
  const forwarded = request.headers['x-forwarded-for'] ?? request.headers.forwarded;
  return (
    isLoopbackHost(request.socket.remoteAddress ?? '') && host !== undefined && isLoopbackHost(host) && forwarded === undefined
  );
}

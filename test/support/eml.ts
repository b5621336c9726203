/** What does a mail say? A reader of RFC 5322 messages for tests: enough MIME for what this service sends. */

/** A message, decoded. */
export interface ReadMail {
  /** Lower-case names; decoded (RFC 2047) and unfolded; of repeated headers the first. */
  readonly headers: ReadonlyMap<string, string>;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** By their Content-ID without brackets; `type` with its parameters. */
  readonly pictures: ReadonlyMap<string, { readonly type: string; readonly disposition: string; readonly bytes: Buffer }>;
  /** As it came, byte by byte as Latin-1. */
  readonly raw: string;
}

interface Part {
  readonly headers: Map<string, string>;
  readonly body: string;
}

/** Reads a message. Throws when it has no empty line after its headers, or is not CRLF throughout. */
export function readMail(bytes: Buffer): ReadMail {
  const raw = bytes.toString('latin1');
  if (/[^\r]\n|\r[^\n]/.test(raw)) throw new Error('a line of the mail does not end in CRLF');
  const whole = readPart(raw);
  const texts = { text: '', html: '', pictures: new Map<string, { type: string; disposition: string; bytes: Buffer }>() };
  collect(whole, texts);
  return { headers: whole.headers, subject: whole.headers.get('subject') ?? '', ...texts, raw };
}

function readPart(raw: string): Part {
  const end = raw.indexOf('\r\n\r\n');
  if (end < 0) throw new Error('the mail has no empty line after its headers');
  const headers = new Map<string, string>();
  for (const line of raw
    .slice(0, end)
    .replace(/\r\n[ \t]+/g, ' ')
    .split('\r\n')) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).toLowerCase();
    if (!headers.has(name)) headers.set(name, decodeWords(line.slice(colon + 1).trim()));
  }
  return { headers, body: raw.slice(end + 4) };
}

function collect(
  part: Part,
  into: { text: string; html: string; pictures: Map<string, { type: string; disposition: string; bytes: Buffer }> },
): void {
  const type = part.headers.get('content-type') ?? 'text/plain';
  const boundary = /boundary="?([^";]+)"?/.exec(type)?.[1];
  if (type.startsWith('multipart/') && boundary) {
    for (const piece of part.body.split(`--${boundary}`).slice(1)) {
      if (!piece.startsWith('--')) collect(readPart(piece.replace(/^\r\n/, '')), into);
    }
    return;
  }
  if (type.startsWith('image/')) {
    const cid = (part.headers.get('content-id') ?? '').replace(/^<|>$/g, '');
    const disposition = part.headers.get('content-disposition') ?? '';
    into.pictures.set(cid, { type, disposition, bytes: Buffer.from(part.body, 'base64') });
    return;
  }
  const content = decodeBody(part.body, (part.headers.get('content-transfer-encoding') ?? '7bit').toLowerCase());
  if (type.startsWith('text/plain')) into.text += content;
  if (type.startsWith('text/html')) into.html += content;
}

function decodeBody(body: string, encoding: string): string {
  switch (encoding) {
    case 'base64':
      return Buffer.from(body, 'base64').toString('utf8');
    case 'quoted-printable':
      return fromQuotedPrintable(body.replace(/=\r\n/g, ''));
    default:
      return Buffer.from(body, 'latin1').toString('utf8');
  }
}

function fromQuotedPrintable(text: string): string {
  const bytes = text.replace(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

function decodeWords(value: string): string {
  return Buffer.from(
    value
      // Between two encoded words the space belongs to the folding.
      .replace(/\?=\s+=\?/g, '?==?')
      .replace(/=\?utf-8\?([BQ])\?([^?]*)\?=/gi, (_, kind: string, data: string) =>
        kind.toUpperCase() === 'B'
          ? Buffer.from(data, 'base64').toString('latin1')
          : Buffer.from(fromQuotedPrintable(data.replace(/_/g, ' '))).toString('latin1'),
      ),
    'latin1',
  ).toString('utf8');
}

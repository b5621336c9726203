/** How is a message handed to a service on the web, and what does its answer mean? */
import { MailError } from '../../pipeline/ports.js';

const TIMEOUT_MS = 15_000;

/** Of an answer so much is read, bytes: it says that it was taken, or why not. */
const ANSWER_LIMIT = 64 * 1024;

/** Statuses that say: this very message will never be taken here. A refused key or address may be mended, so those are not among them. */
const NEVER = [400, 410, 413, 415, 422];

/** Where a channel posts to. */
export interface Address {
  /** Whole, as the operator was given it; it holds the key, so it is never printed. */
  readonly url: string;
  /** Signs; `null`: unsigned. */
  readonly secret: string | null;
  /** Milliseconds until an answer is given up; 15 s unless told. */
  readonly timeoutMs?: number;
}

/** Where, without the key, for lines of the log. */
export const hostOf = (url: string): string => new URL(url).host;

/** Posts JSON and returns the text of a 2xx answer. Throws `MailError`; no redirect is followed, it could lead the key elsewhere. */
export async function post(
  name: string,
  address: Pick<Address, 'url' | 'timeoutMs'>,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<string> {
  const { status, text } = await exchange(name, address, body, headers);
  if (status < 200 || status > 299) throw refused(name, address.url, status, text);
  return text;
}

async function exchange(
  name: string,
  { url, timeoutMs = TIMEOUT_MS }: Pick<Address, 'url' | 'timeoutMs'>,
  body: string,
  headers: Readonly<Record<string, string>>,
): Promise<{ readonly status: number; readonly text: string }> {
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    const response = await fetch(url, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json; charset=utf-8', 'user-agent': 'heqing', ...headers },
      redirect: 'manual',
      signal,
    });
    return { status: response.status, text: await beginning(response) };
  } catch (error) {
    throw new MailError(
      `${name} (${hostOf(url)}) 连不上 cannot be reached: ${signal.aborted ? '没有按时答复 no answer in time' : reasonOf(error)}`,
      false,
    );
  }
}

function refused(name: string, url: string, status: number, text: string): MailError {
  const said = text.trim().slice(0, 200).replace(/\s+/g, ' ');
  return new MailError(
    `${name} (${hostOf(url)}) 没有收下 answered ${status}${said === '' ? '' : `: ${said}`}`,
    NEVER.includes(status),
  );
}

/** An answer of a bot: a JSON object with a code, which is 0 when the message was taken. */
export interface BotAnswer {
  readonly code: number;
  readonly message: string;
}

/** Posts to a bot. `never`: codes that say that no message, or never this one, will be taken. Throws `MailError`. */
export async function postToBot(
  name: string,
  address: Pick<Address, 'url' | 'timeoutMs'>,
  body: object,
  read: (answer: Record<string, unknown>) => BotAnswer,
  never: readonly number[],
): Promise<void> {
  const { status, text } = await exchange(name, address, JSON.stringify(body), {});
  const answer = parsed(text);
  const { code, message } = answer === null ? { code: Number.NaN, message: '' } : read(answer);
  if (code === 0) return;
  const where = `${name} (${hostOf(address.url)})`;
  // A code says more than a status: a rate limit may come with 400, which alone would mean never.
  if (!Number.isNaN(code))
    throw new MailError(`${where} 拒收 refused with code ${code}: ${message.slice(0, 200)}`, never.includes(code));
  if (status < 200 || status > 299) throw refused(name, address.url, status, text);
  throw new MailError(`${where} 的答复读不懂 answered with something that is no answer of a bot`, false);
}

/** A text cut to so many bytes of UTF-8, at a line's end where one is near, with … for what is left out. */
export function cut(text: string, bytes: number): string {
  if (Buffer.byteLength(text) <= bytes) return text;
  let kept = '';
  let used = Buffer.byteLength('\n…');
  for (const character of text) {
    used += Buffer.byteLength(character);
    if (used > bytes) break;
    kept += character;
  }
  const line = kept.lastIndexOf('\n');
  return `${line > kept.length / 2 ? kept.slice(0, line) : kept}\n…`;
}

/** Chats read `<` as the beginning of a mention or a tag; in a message it only ever means less than. */
export const harmless = (text: string): string => text.replace(/</g, '＜');

function parsed(text: string): Record<string, unknown> | null {
  try {
    const answer: unknown = JSON.parse(text);
    return typeof answer === 'object' && answer !== null ? (answer as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

async function beginning(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > ANSWER_LIMIT) break;
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** `fetch` says what went wrong in its error's cause. Its own message may hold the whole address, and with it the key. */
function reasonOf(error: unknown): string {
  const { cause } = error as { readonly cause?: { readonly message?: string } };
  return cause?.message ?? 'it could not be asked';
}

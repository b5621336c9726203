/** What may the holder of a link from a mail do, with what, as whom, and until when? Signed tokens, and nothing kept of them. */
import type { Instant } from '../../domain/time.js';

/** Signs texts with a secret of this installation. */
export interface Sign {
  /** 43 characters of base64url: HMAC-SHA256. */
  sign(text: string): string;
  /** Compares in a time that says nothing of where a signature is wrong. */
  isSigned(text: string, signature: string): boolean;
}

/** What a link allows. */
export interface Claim {
  /** `acknowledge` and `dispatch` speak of alerts, `confirm-test` of one test mail. */
  readonly what: 'acknowledge' | 'dispatch' | 'confirm-test';
  /** Ids of the alerts, or of the one test. */
  readonly ids: readonly string[];
  /** Id of the person who was told: the name that will stand in the history. */
  readonly recipient: string;
  readonly expiresAt: Instant;
}

/** What a token says: a claim, one that has had its time, or nothing of ours. */
export type Read = { readonly is: 'good' | 'expired'; readonly claim: Claim } | { readonly is: 'forged' };

/** Characters of a signature, before the claim it signs. */
const SIGNATURE = 43;

/** Longest token that is looked at, characters: a digest names many alerts, and a stranger's megabyte is not hashed. */
const LONGEST = 8192;

/** What the signature is for, so that nothing else signed with the same secret can pass for a link. */
const PURPOSE = 'heqing link 1\n';

const CODES = { a: 'acknowledge', d: 'dispatch', t: 'confirm-test' } as const satisfies Record<string, Claim['what']>;
const LETTERS = { acknowledge: 'a', dispatch: 'd', 'confirm-test': 't' } as const satisfies Record<
  Claim['what'],
  keyof typeof CODES
>;

/** Makes and reads the links of mails. */
export class Links {
  /** `publicUrl`: without a slash at its end. */
  constructor(
    private readonly publicUrl: string,
    private readonly signing: Sign,
  ) {}

  /** The whole address of a claim's page. */
  to(claim: Claim): string {
    return `${this.publicUrl}/ack/${this.token(claim)}`;
  }

  /** A claim as one word of base64url, signature first. */
  token({ what, ids, recipient, expiresAt }: Claim): string {
    const text = encode(JSON.stringify([LETTERS[what], Math.ceil(expiresAt / 1000), recipient, ...ids]));
    return this.signing.sign(PURPOSE + text) + text;
  }

  /** What a token says at `now`. */
  read(token: string, now: Instant): Read {
    if (token.length <= SIGNATURE || token.length > LONGEST || !/^[\w-]+$/.test(token)) return { is: 'forged' };
    const text = token.slice(SIGNATURE);
    if (!this.signing.isSigned(PURPOSE + text, token.slice(0, SIGNATURE))) return { is: 'forged' };
    // Signed by us, so it is as we wrote it.
    const [letter, seconds, recipient, ...ids] = JSON.parse(decode(text)) as [keyof typeof CODES, number, string, ...string[]];
    const claim: Claim = { what: CODES[letter], ids, recipient, expiresAt: seconds * 1000 };
    return { is: now < claim.expiresAt ? 'good' : 'expired', claim };
  }
}

const encode = (text: string): string =>
  btoa(String.fromCharCode(...new TextEncoder().encode(text)))
    .replace(/\+/g, '-')
    .replace(/\//g, '_')
    .replace(/=+$/, '');

const decode = (text: string): string =>
  new TextDecoder().decode(Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (c) => c.charCodeAt(0)));

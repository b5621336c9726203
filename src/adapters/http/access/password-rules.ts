/** Which password may an account have? Long enough, not its name, and not what anybody would try first. */
import { PASSWORD_LENGTH, passwordLength } from './password.js';

/** What somebody asked for cannot be done, in words for them. */
export class AccountError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'AccountError';
  }
}

/** Words that begin the lists of leaked passwords, Chinese and English, with what people append to them left out. */
const COMMON_STEMS = new Set(
  (
    'password passwd passw0rd p@ssword p@ssw0rd pa55word mima admin administrator root guest user test welcome letmein login ' +
    'qwerty qwertyuiop qwertyui asdfghjkl asdfgh zxcvbnm 1qaz2wsx 1q2w3e4r 1q2w3e4r5t qazwsx qazwsxedc woaini iloveyou ' +
    'wodemima woaiwojia taobao dearbook changeme default secret master monkey dragon sunshine princess football baseball ' +
    'superman batman trustno1 whatever starwars computer michael jordan abc abcd aa a q x z heqing river'
  ).split(' '),
);

const RUNS = [
  '0123456789012345678901234567890',
  'abcdefghijklmnopqrstuvwxyz',
  'qwertyuiopasdfghjklzxcvbnm',
  '1qaz2wsx3edc4rfv5tgb6yhn',
];

const backwards = (text: string): string => [...text].reverse().join('');

/** True for one short piece again and again, a run of keys or figures, or a common word with figures and signs around it. */
export function isCommon(password: string): boolean {
  const text = password.normalize('NFC').toLowerCase();
  if (/^(.{1,4})\1+.{0,3}$/u.test(text)) return true;
  if (RUNS.some((run) => run.includes(text) || backwards(run).includes(text))) return true;
  if (/^\d+$/.test(text) && /^(19|20)\d{6}(19|20)?\d*$/.test(text) && text.length <= 12) return true;
  // What surrounds the word is figures in order, a year or a sign: the first things a guesser appends.
  const stem = text.replace(/^[\d\W_]+|[\d\W_]+$/g, '');
  const around = text.length - stem.length;
  return COMMON_STEMS.has(text) || (COMMON_STEMS.has(stem) && (around <= 6 || /(123|000|111|666|888|520|1314)/.test(text)));
}

/** Throws `AccountError` for a password that the account may not have; `least`: characters it needs. */
export function checkPassword(username: string, password: string, least: number): void {
  if (passwordLength(password) < least)
    throw new AccountError(`账号 ${username} 的密码太短:至少 ${least} 个字符 (the password needs at least ${least} characters)`);
  if (passwordLength(password) > 1000)
    throw new AccountError(`账号 ${username} 的密码太长:至多 1000 个字符 (at most 1000 characters)`);
  if (password.normalize('NFC').toLowerCase() === username.normalize('NFC').toLowerCase())
    throw new AccountError('密码不能与账号名相同 (the password must not be the name)');
  if (isCommon(password))
    throw new AccountError('这个密码太常见,容易被猜到,请换一个 (this password is among the first that anybody would try)');
}

/** Characters a password needs. */
export const leastCharacters = (beyondLoopback: boolean): number =>
  beyondLoopback ? PASSWORD_LENGTH.beyondLoopback : PASSWORD_LENGTH.loopback;

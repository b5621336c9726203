/** Which options and how many words does each command take? What it does not know it must not pass over. */

/** What every command of `heqing` may be given, as `parseArgs` reads it. */
export const OPTIONS = {
  help: { type: 'boolean' },
  'send-test': { type: 'boolean' },
  admin: { type: 'boolean' },
  role: { type: 'string' },
  person: { type: 'string' },
  stations: { type: 'string' },
  mosquitto: { type: 'string' },
  reason: { type: 'string' },
  since: { type: 'string' },
  approver: { type: 'string' },
  document: { type: 'string' },
  kinds: { type: 'string' },
  parameters: { type: 'string' },
  from: { type: 'string' },
  to: { type: 'string' },
  at: { type: 'string' },
  settling: { type: 'string' },
  note: { type: 'string' },
  who: { type: 'string' },
  limit: { type: 'string' },
  open: { type: 'boolean' },
  as: { type: 'string' },
  'dry-run': { type: 'boolean' },
  station: { type: 'string' },
  source: { type: 'string' },
  yes: { type: 'boolean' },
  rule: { type: 'string' },
  days: { type: 'string' },
  json: { type: 'boolean' },
  into: { type: 'string' },
  replace: { type: 'boolean' },
} as const;

type Option = keyof typeof OPTIONS;

/** The most words after the command, and the options it takes. */
const TAKES: Readonly<Record<string, readonly [words: number, ...options: Option[]]>> = {
  'check-config': [0, 'send-test'],
  account: [3, 'role', 'admin', 'person'],
  device: [2, 'stations', 'mosquitto'],
  excuse: [2, 'from', 'to', 'reason', 'approver', 'document', 'kinds', 'parameters', 'note', 'as'],
  import: [1, 'dry-run', 'station', 'source', 'yes', 'as'],
  backtest: [0, 'rule', 'days', 'json'],
  backup: [0, 'to', 'json'],
  restore: [1, 'into', 'replace'],
  maintenance: [2, 'from', 'to', 'parameters', 'settling', 'note', 'who', 'reason', 'station', 'open', 'as'],
  review: [3, 'from', 'to', 'at', 'parameters', 'reason', 'source', 'note', 'station', 'as'],
  audit: [1, 'station', 'limit', 'as'],
  replay: [0, 'reason', 'since'],
};

/** Why a command may not run with these words and options, in words; `null`: it may, or there is no such command. */
export function untaken(command: string, words: readonly string[], given: readonly string[]): string | null {
  const takes = Object.hasOwn(TAKES, command) ? TAKES[command] : undefined;
  if (takes === undefined) return null;
  const [most, ...known] = takes;
  const unknown = given.filter((option) => !(known as readonly string[]).includes(option)).map((option) => `--${option}`);
  const list = known.map((option) => `--${option}`).join(' ') || '无 none';
  if (unknown.length > 0) return `${command} 不用 does not take ${unknown.join(' ')};可用 options: ${list}`;
  if (words.length > most) return `${command} 不明白 does not understand: ${words.slice(most).join(' ')}`;
  return null;
}

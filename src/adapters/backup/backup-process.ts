/** How does the service make a backup without losing breath? In a process of its own, of low rank: the operator's command. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, statSync } from 'node:fs';
import { setPriority } from 'node:os';
import { StringDecoder } from 'node:string_decoder';
import { HOUR } from '../../domain/time.js';
import type { BackupMaker, Made } from '../../pipeline/backup/daily-backup.js';

/** Exit code of a command that found another backup being made. */
export const BUSY_EXIT = 75;

/** Below everything else of the service. */
const RANK = 10;

/** No state takes longer; what hangs on a dead network disk must not hang for good. */
const MOST = 3 * HOUR;

/** Characters of an error that are kept. */
const WORDS = 500;

/** Runs `program backup --to DIR --json`, and reads what it prints last. */
export class BackupProcess implements BackupMaker {
  private child: ChildProcess | null = null;

  /** `program`: the built command line. Its environment is ours. */
  constructor(
    private readonly program: string,
    readonly dir: string,
    private readonly dataDir: string,
  ) {}

  isSameDisk(): boolean {
    try {
      mkdirSync(this.dir, { recursive: true });
      return statSync(this.dir).dev === statSync(this.dataDir).dev;
    } catch {
      // A place that cannot be looked at fails by itself when it is written to.
      return false;
    }
  }

  make(): Promise<Made> {
    return new Promise((resolve) => {
      const child = spawn(process.execPath, [this.program, 'backup', '--to', this.dir, '--json'], {
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      this.child = child;
      try {
        if (child.pid !== undefined) setPriority(child.pid, RANK);
      } catch {
        // It has ended already, or the system does not let us: only the rank is lost.
      }
      const timer = setTimeout(() => child.kill('SIGKILL'), MOST);
      const [said, complained] = [collect(child.stdout), collect(child.stderr)];
      child.once('error', (error) => end({ why: error.message }));
      child.once('close', (code, signal) => {
        if (code === BUSY_EXIT) return end({ busy: true });
        if (code !== 0) return end({ why: complained().trim() || `the backup process ended with ${signal ?? String(code)}` });
        const { file, bytes } = JSON.parse(said()) as { file: string; bytes: number };
        end({ file, bytes });
      });
      const end = (made: Made): void => {
        clearTimeout(timer);
        this.child = null;
        resolve('why' in made ? { why: made.why.slice(0, WORDS) } : made);
      };
    });
  }

  stop(): void {
    this.child?.kill('SIGKILL');
  }
}

function collect(stream: NodeJS.ReadableStream): () => string {
  const decoder = new StringDecoder('utf8');
  let text = '';
  stream.on('data', (part: Buffer) => (text += decoder.write(part)));
  return () => text;
}

/** Which template did the office put there for a kind of bulletin, and is it fit for use? */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BulletinKind } from '../../domain/bulletins/bulletin.js';
import { templateFault } from './template-fault.js';

/** The folder of templates within the config. */
const TEMPLATES = 'templates';

/** A template, or why there is none that could be used, in words; both `null` where the config names none. */
export interface OfficeTemplate {
  readonly bytes: Uint8Array | null;
  readonly trouble: string | null;
}

/** What was found in the bytes that stood there last, by place and kind: a template is long to look through, and hardly ever changes. */
const looked = new Map<string, { readonly bytes: Buffer; readonly fault: string | null }>();

function faultOf(path: string, bytes: Buffer, kind: BulletinKind): string | null {
  const key = `${kind} ${path}`;
  const before = looked.get(key);
  if (before?.bytes.equals(bytes)) return before.fault;
  const fault = templateFault(bytes, kind);
  looked.set(key, { bytes, fault });
  return fault;
}

/** Reads it anew each time, so that a mended one counts at once. */
export function officeTemplate(configDir: string, kind: BulletinKind, name: string | null): OfficeTemplate {
  if (name === null) return { bytes: null, trouble: null };
  const where = `${TEMPLATES}/${name}`;
  const path = join(configDir, TEMPLATES, name);
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch {
    return { bytes: null, trouble: `模板 ${where} 读不到:没有这个文件,或没有读取权限。已改用内置模板。` };
  }
  const fault = faultOf(path, bytes, kind);
  return fault === null ? { bytes, trouble: null } : { bytes: null, trouble: `模板 ${where} 不能用:${fault}。已改用内置模板。` };
}

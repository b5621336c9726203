/** Which YAML files lie below the config folder, and what do they say? */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { isMap, isNode, LineCounter, parseDocument } from 'yaml';
import type { ConfigFault, Path } from './faults.js';

/** A file that could be read as a mapping. */
export interface ConfigDocument {
  /** Relative to the config folder, with `/`. */
  readonly file: string;
  readonly content: Readonly<Record<string, unknown>>;
  /** The line on which a path, or what is there of it, begins. */
  line(path: Path): number | null;
}

/** What a folder holds. */
export interface Documents {
  readonly documents: readonly ConfigDocument[];
  /** The texts of files that could not be read: what they mention is not held against the others. */
  readonly unread: readonly string[];
  readonly faults: readonly ConfigFault[];
}

/**
 * Reads every `.yaml` below `dir`, in order of path. A folder that is missing or empty, a file that is not YAML or not a
 * mapping, and a `.yml` (which would be passed over in silence) are faults.
 */
export function readDocuments(dir: string): Documents {
  const documents: ConfigDocument[] = [];
  const unread: string[] = [];
  const faults: ConfigFault[] = [];
  const whole = (file: string, message: string, line: number | null = null): void => {
    faults.push({ file, line, path: '', message });
  };

  let names: string[];
  try {
    if (!statSync(dir).isDirectory()) throw new Error('it is not a folder');
    names = readdirSync(dir, { recursive: true }).map(String).sort();
  } catch (error) {
    whole('.', `the config folder ${dir} cannot be read (${reason(error)}); HEQING_CONFIG names the folder, ./config when unset`);
    return { documents, unread, faults };
  }

  for (const name of names) {
    const file = relative('.', name).split(sep).join('/');
    if (file.endsWith('.yml')) whole(file, 'is passed over, since only .yaml files are read; rename it');
    if (!file.endsWith('.yaml')) continue;
    let text: string;
    try {
      if (statSync(join(dir, name)).isDirectory()) continue;
      text = new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(join(dir, name)));
    } catch (error) {
      whole(file, error instanceof TypeError ? 'is not UTF-8; save it as UTF-8' : `cannot be read (${reason(error)})`);
      continue;
    }
    const lines = new LineCounter();
    const yaml = parseDocument(text, { lineCounter: lines, prettyErrors: false, version: '1.2' });
    const broken = [...yaml.errors, ...yaml.warnings];
    if (broken.length > 0) {
      unread.push(text);
      for (const fault of broken) whole(file, `is not valid YAML: ${fault.message}`, lines.linePos(fault.pos[0]).line);
      continue;
    }
    if (!isMap(yaml.contents)) {
      unread.push(text);
      whole(file, 'must be a mapping whose top-level keys say what it holds (site, parameters, stations, standard, limits, …)');
      continue;
    }
    let content: Record<string, unknown>;
    try {
      content = yaml.toJS() as Record<string, unknown>;
    } catch (error) {
      unread.push(text);
      whole(file, `is not valid YAML: ${reason(error)}`);
      continue;
    }
    documents.push({
      file,
      content,
      line(path) {
        for (let length = path.length; length > 0; length--) {
          const node = yaml.getIn(path.slice(0, length), true);
          if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
        }
        return null;
      },
    });
  }
  if (documents.length === 0 && faults.length === 0) whole('.', `the config folder ${dir} holds no .yaml file`);
  return { documents, unread, faults };
}

const reason = (error: unknown): string => (error instanceof Error ? error.message : String(error));

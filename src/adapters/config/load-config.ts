/** What did the operator write down, and is all of it right? */
import type { ZodType } from 'zod';
import { buildSite, type CheckedFile, type Loaded } from './build-site.js';
import { crossChecks } from './cross-checks.js';
import { readDocuments, type ConfigDocument } from './documents.js';
import { collect, type Loose, type LooseFile } from './entries.js';
import { ConfigFaults, issueFaults, pathText, type ConfigFault, type Path } from './faults.js';
import { fileContent, type FileContent } from './schema.js';

/** What a config must hold; `settings` and `judging` have no defaults worth hiding. */
const NEEDED = ['site', 'parameters', 'stations', 'standard', 'judging', 'targets', 'people', 'rules', 'settings'] as const;

/**
 * Reads every `.yaml` below `dir` and builds the site from all of them together. Throws `ConfigFaults` with every fault of
 * every file at once; nothing is ever half loaded.
 */
export function loadConfig(dir: string): Loaded {
  const { documents, unread, faults: unreadable } = readDocuments(dir);
  const faults: ConfigFault[] = [...unreadable];
  const checked: CheckedFile[] = [];
  const loose: LooseFile[] = [];

  for (const document of documents) {
    const { content, faults: found } = parse(document, fileContent);
    for (const { path, message } of found) faults.push(faultAt(document, path, message));
    if (found.length === 0) checked.push({ file: document.file, content: content as FileContent });
    loose.push({ file: document.file, content });
  }

  // What is already a fault by its shape is not told a second time, as missing.
  const told = new Set(faults.map(({ file, path }) => `${file} ${path}`));
  const byFile = new Map(documents.map((document) => [document.file, document]));
  for (const { file, path, message } of crossChecks(collect(loose), unread)) {
    const document = byFile.get(file);
    if (document && !told.has(`${file} ${pathText(path)}`)) faults.push(faultAt(document, path, message));
  }
  // A folder that could not be read at all has one fault, not ten.
  if (documents.length > 0) faults.push(...missing(documents, unread));
  if (faults.length > 0) throw new ConfigFaults(faults);
  return buildSite(checked);
}

const faultAt = (document: ConfigDocument, path: Path, message: string): ConfigFault => ({
  file: document.file,
  line: document.line(path),
  path: pathText(path),
  message,
});

/** Parses one file; of a faulty one the faulty places are taken out, so that the rest can still be checked. */
function parse(
  { content }: ConfigDocument,
  schema: ZodType<FileContent>,
): { content: Loose<FileContent>; faults: { path: Path; message: string }[] } {
  const result = schema.safeParse(content);
  if (result.success) return { content: result.data, faults: [] };
  const faults = result.error.issues.flatMap((issue) => issueFaults(issue, content));
  const rest = structuredClone(content);
  for (const { path } of faults) takeOut(rest, path);
  return { content: rest, faults };
}

/** Removes what a path leads to. A place in a list is emptied, not closed up: the paths of its neighbours must stay. */
function takeOut(root: Record<string, unknown>, path: Path): void {
  const last = path.at(-1);
  let holder: unknown = root;
  for (const step of path.slice(0, -1)) holder = (holder as Record<string | number, unknown> | undefined)?.[step];
  if (last === undefined || typeof holder !== 'object' || holder === null) return;
  if (Array.isArray(holder)) holder[Number(last)] = undefined;
  else delete (holder as Record<string, unknown>)[String(last)];
}

/** What no file holds, or holds only as an empty list. */
function missing(documents: readonly ConfigDocument[], unread: readonly string[]): ConfigFault[] {
  return NEEDED.flatMap((key): ConfigFault[] => {
    const holders = documents.filter(({ content }) => Object.hasOwn(content, key));
    const empty = ({ content }: ConfigDocument): boolean => Array.isArray(content[key]) && content[key].length === 0;
    if (holders.some((document) => !empty(document)) || unread.some((text) => new RegExp(`^${key}\\s*:`, 'm').test(text)))
      return [];
    const [holder] = holders;
    if (holder) return [faultAt(holder, [key], 'is empty in every file; it needs at least one entry')];
    return [{ file: '.', line: null, path: key, message: `missing; no .yaml file has the top-level key ${key}` }];
  });
}

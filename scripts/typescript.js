/**
 * How does Node run the TypeScript of bench and chaos? `node --import ./scripts/typescript.js file.ts`: each file is
 * compiled by swc as it is loaded, and `./other.js` finds `./other.ts`. Children started with `process.execArgv` inherit it.
 */
import { register } from 'node:module';
import { fileURLToPath } from 'node:url';
import { isMainThread } from 'node:worker_threads';

// Node loads this file a second time, in the thread that runs the hooks below.
if (isMainThread) register(import.meta.url);

/** Node's hook: a relative import of a `.js` that is not there means the `.ts` beside it. */
export async function resolve(specifier, context, next) {
  try {
    return await next(specifier, context);
  } catch (error) {
    if (error.code !== 'ERR_MODULE_NOT_FOUND' || !/^\.{1,2}\/.*\.js$/.test(specifier)) throw error;
    return next(specifier.replace(/\.js$/, '.ts'), context);
  }
}

/** Node's hook: compiles a `.ts`, without checking its types; `npm run check` does that. */
export async function load(url, context, next) {
  if (!url.startsWith('file:') || !url.endsWith('.ts')) return next(url, context);
  const { transformFile } = await import('@swc/core');
  const { code } = await transformFile(fileURLToPath(url), {
    swcrc: false,
    jsc: { parser: { syntax: 'typescript', decorators: true }, target: 'es2022', keepClassNames: true },
    module: { type: 'es6' },
    sourceMaps: 'inline',
  });
  return { format: 'module', source: code, shortCircuit: true };
}

/** From which address is what happens now being asked? Known to whatever runs because of a request, however deep inside. */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { NextFunction, Request, Response } from 'express';

const asking = new AsyncLocalStorage<string>();

/** The address of the request that is being answered; `null` where none is. */
export const askedFrom = (): string | null => asking.getStore() ?? null;

/** Keeps the address while a request is answered. */
export function keepAddress(request: Request, _response: Response, next: NextFunction): void {
  asking.run(request.ip ?? '', next);
}

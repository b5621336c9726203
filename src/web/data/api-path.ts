/** How does the page ask whether alerts reach anybody? */
import type { PathAnswer, PathTestAnswer } from '../../adapters/http/contract/path.js';
import { send } from '../api/api.js';

/** The routes. Each throws `ApiError`. */
export const pathApi = {
  test: () => send<PathTestAnswer>('POST', '/path/test', {}),
  confirm: (code: string) => send<PathAnswer>('POST', '/path/confirm', { code }),
};

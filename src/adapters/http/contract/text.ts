/** What may stand in a text that a person writes? */
import { z } from 'zod';
import { plainText } from '../../../domain/plain-text.js';

/** Free text, as `plainText` leaves it: Word's soft returns become line ends, other control characters go. */
export const freeText = z.string().overwrite(plainText);

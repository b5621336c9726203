/** How is a mapping of the config described? */
import { z } from 'zod';

/** A mapping in which every unknown key is a fault that names the known ones. */
export const mapping = <T extends z.core.$ZodShape>(shape: T) =>
  z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys' ? `unknown key; the keys here are ${Object.keys(shape).join(', ')}` : undefined,
  });

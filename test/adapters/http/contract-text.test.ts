/** Is every text that people write, whatever the route, one that pages and files can hold? */
import { expect, test } from '@jest/globals';
import type { z } from 'zod';
import { acknowledgeBody } from '../../../src/adapters/http/contract/contract.js';
import * as alerts from '../../../src/adapters/http/contract/alerts.js';
import * as cases from '../../../src/adapters/http/contract/cases.js';
import { patrolBody } from '../../../src/adapters/http/contract/chiefs.js';
import { excuseBody, removeExcuseBody } from '../../../src/adapters/http/contract/compliance.js';
import * as decisions from '../../../src/adapters/http/contract/decisions.js';
import { handoverBody, takeBody } from '../../../src/adapters/http/contract/handover.js';
import { bulkBody, reviewActBody } from '../../../src/adapters/http/contract/reviewing.js';
import { signBody } from '../../../src/adapters/http/contract/signing.js';
import { comparisonBody, withdrawBody } from '../../../src/adapters/http/contract/upkeep.js';

test.each<[string, z.ZodObject, string[]]>([
  ['acknowledge', acknowledgeBody, ['note']],
  ['silence', alerts.silenceBody, ['reason']],
  ['close an alert', alerts.closeBody, ['reason']],
  ['report upward', alerts.reportBody, ['note']],
  ['open a case', cases.caseBody, ['note']],
  ['verify', cases.verifyBody, ['note']],
  ['mend', cases.mendBody, ['note']],
  ['check', cases.checkBody, ['note']],
  ['close a case', cases.closeBody, ['note']],
  ['hand over', cases.handOverBody, ['note']],
  ['extend', cases.extendBody, ['note']],
  ['patrol', patrolBody, ['note']],
  ['excuse', excuseBody, ['approver', 'document', 'note']],
  ['remove an excuse', removeExcuseBody, ['reason']],
  ['maintenance', decisions.maintenanceBody, ['who', 'note']],
  ['maintenance changed', decisions.maintenanceChangeBody, ['who', 'note', 'reason']],
  ['decision', decisions.decisionBody, ['note']],
  ['undo', decisions.undoBody, ['note']],
  ['handover', handoverBody, ['note']],
  ['take over', takeBody, ['note']],
  ['review', reviewActBody, ['note']],
  ['review in bulk', bulkBody, ['note']],
  ['sign', signBody, ['note']],
  ['comparison', comparisonBody, ['note']],
  ['withdraw', withdrawBody, ['reason']],
])('%s: a soft return of Word is a line end, other control characters go', (_, body, fields) => {
  const shape = body.shape as Readonly<Record<string, z.ZodType>>;
  for (const field of fields) expect(shape[field]?.parse('清淤\v完成\u0000')).toBe('清淤\n完成');
});

/** What of a text that people typed stays? */
import { expect, test } from '@jest/globals';
import { plainText } from '../../src/domain/plain-text.js';

test.each([
  ['已清淤\n见照片\t2 张', '已清淤\n见照片\t2 张'],
  ['第一行\v第二行', '第一行\n第二行'],
  ['第一行\r\n第二行\r第三行\f第四行\u0085第五行', '第一行\n第二行\n第三行\n第四行\n第五行'],
  ['\u0000\u0007\u001b[31m红\u007f\u009f\ufffe\uffff', '[31m红'],
  ['𠮷 and half \ud842 of it', '𠮷 and half \ufffd of it'],
])('%j is %j', (typed, kept) => {
  expect(plainText(typed)).toBe(kept);
});

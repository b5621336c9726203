/** A mail as the service renders them, for the tests of both mailers. */
import type { Mail } from '../../../src/pipeline/ports.js';

/** `over` replaces fields. */
export const mail = (over: Partial<Mail> = {}): Mail => ({
  id: '42',
  to: 'river.office@example.org',
  subject: '【超限】南坑河出境断面 氨氮 1.37 mg/L,超Ⅲ类限值(1.0)0.37 倍(单次测值,未审核)11-23 08:00',
  text: '南坑河出境断面 11-23 08:00 氨氮 1.37 mg/L,超过Ⅲ类限值 1.0 mg/L 的 0.37 倍。\n编号 17\n. 行首一点\nFrom here on',
  html: '<p>南坑河出境断面 <b>氨氮 1.37 mg/L</b></p>',
  messageId: '<notice-42@heqing.example.org>',
  inReplyTo: null,
  headers: { 'X-Heqing-Alert': '17,18' },
  date: Date.parse('2026-11-23T00:30:12.123Z'),
  pictures: [],
  ...over,
});

/** The text of a received part, with the line ends and the last line end of the wire taken off. */
export const plain = (text: string): string => text.replace(/\r\n/g, '\n').replace(/\n$/, '');

/** When is it the instrument? */
import { describe, expect, test } from '@jest/globals';
import { type InstrumentInput, sensor, sensorClock, stepOf } from '../../../../src/domain/alerting/rules/sensor.js';
import type { MaintenanceRecord } from '../../../../src/domain/quality/decision.js';
import type { JudgedReading } from '../../../../src/domain/reading.js';
import { MINUTE } from '../../../../src/domain/time.js';
import { at, reading, series, wupi } from '../../../support/wupi.js';

const rule = {
  id: 'sensor',
  kind: 'sensor',
  stuck: true,
  clock: true,
  outOfRangeValues: 3,
  spikes: { count: 3, hours: 24 },
  marks: ['D', 'B'],
  markMinutes: 30,
  step: { share: 0.3, values: 3 },
} as const;
const now = at('2026-11-23 12:00');
const names = { zh: '出境断面', en: 'Outflow' };
const nh3n = wupi.parameters.get('nh3n')!;
const GOOD: Partial<JudgedReading> = {};
const D: Partial<JudgedReading> = { mark: 'D' };
const OUT: Partial<JudgedReading> = { value: -3, quality: 'fail', checks: ['gross-range'] };
const FLAT: Partial<JudgedReading> = { quality: 'suspect', checks: ['flat-line'] };
/** One each ten minutes, the last one at 12:00. */
const readings = (...list: Partial<JudgedReading>[]): JudgedReading[] =>
  list.map((over, i) => reading({ time: now - (list.length - 1 - i) * 10 * MINUTE, value: 0.4 + i / 100, ...over }));
const input = (over: Partial<InstrumentInput>): InstrumentInput => ({
  station: names,
  parameter: nh3n,
  cadence: 10,
  readings: readings(GOOD, GOOD, GOOD, GOOD),
  spikes: 0,
  step: null,
  ...over,
});
const step = { before: 0.4, after: 0.8, at: at('2026-11-23 10:00') };

describe('what it says', () => {
  test.each<[string, Partial<InstrumentInput>, string]>([
    ['sound', {}, 'clear'],
    ['nothing measured', { readings: [] }, 'nothing'],
    ['fault for half an hour', { readings: readings(GOOD, D, D, D, D) }, 'firing'],
    ['fault for twenty minutes', { readings: readings(GOOD, D, D, D) }, 'nothing'],
    ['one of a slow analyser, an hour ago', { cadence: 240, readings: [reading({ time: now - 60 * MINUTE, ...D })] }, 'firing'],
    ['fault and link lost in turns are both', { readings: readings(D, { mark: 'B' }, D, { mark: 'B' }) }, 'firing'],
    [
      'maintenance and calibration are no fault',
      { readings: readings({ mark: 'M' }, { mark: 'C' }, { mark: 'M' }, { mark: 'C' }) },
      'clear',
    ],
    ['a fault that has just gone', { readings: readings(D, D, D, GOOD, GOOD) }, 'nothing'],
    ['a fault that is gone', { readings: readings(D, D, GOOD, GOOD, GOOD) }, 'clear'],
    ['out of range three times', { readings: readings(GOOD, OUT, OUT, OUT) }, 'firing'],
    ['out of range twice', { readings: readings(GOOD, GOOD, OUT, OUT) }, 'nothing'],
    [
      'over range as the device says so',
      { readings: readings(...Array<Partial<JudgedReading>>(3).fill({ mark: 'T', value: 999 })) },
      'clear',
    ],
    ['stuck', { readings: readings(GOOD, FLAT) }, 'firing'],
    ['stuck until a moment ago', { readings: readings(FLAT, GOOD) }, 'nothing'],
    ['three spikes', { spikes: 3 }, 'firing'],
    ['two of three spikes left', { spikes: 2 }, 'nothing'],
    ['one of three spikes left', { spikes: 1 }, 'clear'],
    ['a step', { step }, 'firing'],
    ['a step of a quarter', { step: { ...step, after: 0.5 } }, 'clear'],
    ['a large share of nearly nothing', { step: { ...step, before: 0.01, after: 0.02 } }, 'clear'],
    ['a step of last week', { step: { ...step, at: at('2026-11-15') } }, 'clear'],
    [
      'late news of yesterday',
      { readings: readings(OUT, OUT, OUT).map((r) => ({ ...r, time: r.time - 24 * 60 * MINUTE })) },
      'nothing',
    ],
  ])('%s', (_, over, expected) => expect(sensor(input(over), rule, wupi.calendar, now).says).toBe(expected));

  test('what is switched off is not looked at', () => {
    expect(sensor(input({ readings: readings(GOOD, FLAT) }), { ...rule, stuck: false }, wupi.calendar, now).says).toBe('clear');
  });

  test('all causes are one alert of maintenance, and name the instrument', () => {
    const signal = sensor(
      input({ readings: readings(...Array<Partial<JudgedReading>>(5).fill({ ...FLAT, ...D, value: 0.4 })), step }),
      rule,
      wupi.calendar,
      now,
    );
    expect(signal).toMatchObject({
      severity: 'warning',
      value: null,
      reason: {
        zh:
          '出境断面 氨氮 仪器异常:设备标识 D(故障);测值长时间不变(0.4,至少自 11-23 11:20),疑似卡死;' +
          '11-23 10:00 维护前后均值由 0.40 mg/L 变为 0.80 mg/L(校正量 +0.40),维护前的数据可能有偏差。请运维查看,不作为污染判断',
      },
    });
  });
});

describe('the clock', () => {
  test('wrong, and right again', () => {
    expect(sensorClock({ kind: 'hours', offset: 8 * 60 * MINUTE, since: now }, names, wupi.calendar, now)).toMatchObject({
      says: 'firing',
      severity: 'warning',
      reason: { zh: '出境断面 设备时钟异常:时钟快 8 小时,疑似把北京时间当作 UTC 发送' },
    });
    expect(sensorClock(null, names, wupi.calendar, now).says).toBe('clear');
  });
});

describe('a step after cleaning', () => {
  const record: MaintenanceRecord = {
    id: 1,
    station: 'nankeng-out',
    parameters: null,
    from: at('2026-11-23 09:00'),
    to: at('2026-11-23 09:30'),
    settlingMinutes: 60,
    who: '运维单位',
    note: '清洗',
    by: 'officer',
    at: at('2026-11-23 09:30'),
    withdrawn: false,
  };
  /** One each half hour from 07:30. */
  const course = (...values: number[]): JudgedReading[] =>
    series('nankeng-out', 'nh3n', at('2026-11-23 07:30'), 30 * MINUTE, values);
  const whole = course(0.9, 1, 1.1, 5, 5, 5, 0.4, 0.5, 0.6, 9);

  test('the means on both sides, without what lies in the maintenance and its settling', () => {
    const found = stepOf(record, whole, 3)!;
    expect(found.at).toBe(record.to);
    expect(found.before).toBeCloseTo(1);
    expect(found.after).toBeCloseTo(0.5);
  });

  test.each<[string, MaintenanceRecord, JudgedReading[]]>([
    ['it goes on', { ...record, to: null }, whole],
    ['too few before', record, whole.slice(1)],
    ['too few after', record, whole.slice(0, 8)],
    ['one of them does not count', record, whole.map((r, i) => (i === 0 ? { ...r, mark: 'M' as const } : r))],
  ])('none while %s', (_, one, readings) => expect(stepOf(one, readings, 3)).toBeNull());
});

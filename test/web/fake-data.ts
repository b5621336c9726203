/** How does the page's test stand in for the data of the service? Rejections, limits, what waits, and a file that is looked at and taken. */
import type { IncomingMessage } from 'node:http';
import type { ReadyAnswer, RejectionsAnswer } from '../../src/adapters/http/contract/contract.js';
import type { BackupAnswer } from '../../src/adapters/http/contract/backup.js';
import type { BacklogAnswer, ImportFileAnswer, LimitsAnswer } from '../../src/adapters/http/contract/data.js';
import { rejections } from './fixtures.js';
import { AS_OF } from './station-fixtures.js';

const NH3N = {
  ...{ station: 'changtan-tap', stationName: '长潭村末梢水监测点', parameter: 'nh3n', parameterName: '氨氮', unit: 'mg/L' },
};

/** What the file of the tests would do. */
export const plan: ImportFileAnswer = {
  format: 'CSV, GB18030',
  total: 1203,
  done: 1203,
  next: null,
  taken: 0,
  standings: { new: 1201, duplicate: 1, different: 1, unknown: 0 },
  repeated: 1,
  blank: 2,
  notes: ['未用的列:备注'],
  series: [
    {
      ...NH3N,
      values: 1203,
      from: '2026-11-03T09:30:00+08:00',
      to: '2026-11-20T09:30:00+08:00',
      nonDetects: 1,
      standings: { new: 1201, duplicate: 1, different: 1, unknown: 0 },
    },
  ],
  first: [
    {
      ...NH3N,
      ...{ sheet: null, line: 2, column: null, time: '2026-11-03T09:30:00+08:00' },
      ...{ value: 0.0125, mark: 'S', detection: 0.025, standing: 'new' },
    },
  ],
  refused: [
    { sheet: null, line: 13, column: null, why: '配置里没有项目“总铬”:在 config/parameters.yaml 里加上' },
    { sheet: null, line: 14, column: '<img src=x onerror=alert(1)>', why: '“无”不是数值' },
  ],
  refusedTotal: 2,
};

const limits: LimitsAnswer = {
  unconfirmed: [
    {
      ...{ standard: 'GB 5749-2022', item: '总氯', parameter: 'tcl', class: null, averaging: 'sample', number: '>= 0.05' },
      ...{ citation: 'GB 5749-2022 表 2', note: null, file: 'standards/gb-5749-2022.yaml', path: 'limits[41]' },
    },
  ],
  placeholders: [
    {
      ...{ standard: 'own', item: 'PM10', parameter: 'pm10', class: null, averaging: 'hour', number: '<= 150' },
      ...{ citation: '外省规定', note: '山东', file: 'standards/dust.yaml', path: 'limits[0]' },
    },
  ],
  unmeasured: [],
};

const backlog: BacklogAnswer = {
  asOf: AS_OF,
  log: [
    { consumer: 'settle', waiting: 0 },
    { consumer: 'archive', waiting: 20480 },
  ],
  archive: { name: 'InfluxDB', trouble: '连接被拒绝' },
  windows: {
    waiting: 2,
    first: [{ window: 'day', station: 'nankeng-out', start: '2026-11-21T00:00:00+08:00', again: true }],
  },
};

const GOOD = {
  at: '2026-11-23T02:30:00+08:00',
  seconds: 9,
  file: 'heqing-20261122T183000Z.tar.gz',
  bytes: 23_765_168,
  why: null,
  elsewhere: null,
};

/** A backup that failed once, and one that somebody kept elsewhere, on the disk that the state lies on. */
export const backup: BackupAnswer = {
  ...{ state: 'good', words: { zh: '上次成功 11-23 02:30', en: '' }, isRunning: false },
  ...{ dir: '/var/lib/heqing/backups', sameDisk: true, at: '02:30', keepDays: 14, next: '2026-11-24T02:30:00+08:00' },
  lastGood: GOOD,
  attempts: [
    { ...GOOD, at: '2026-11-23T07:30:00+08:00', elsewhere: '/mnt/usb' },
    GOOD,
    { ...GOOD, at: '2026-11-22T02:30:00+08:00', seconds: 1, file: null, bytes: null, why: '<b>空间不足</b>,剩 12 MiB' },
  ],
  history: { where: 'influxdb', database: 'heqing', command: "influxd backup -portable -db 'heqing' /backup/influxdb" },
};

const ready: ReadyAnswer = {
  status: 'degraded',
  parts: [
    { name: 'intake', state: 'up', detail: '接收正常' },
    { name: 'archive', state: 'degraded', detail: 'InfluxDB:连接被拒绝,20480 条测值待处理' },
    { name: 'alert-path', state: 'up', detail: '预警通道未验证:还没有人确认过测试邮件' },
    { name: 'backup', state: 'up', detail: '还没有备份' },
  ],
};

/** What the pages of the data ask. */
export class FakeData {
  /** Files as they came: the query, and the bytes as text. */
  readonly files: { readonly asked: Record<string, string>; readonly text: string }[] = [];
  /** Bodies posted to `replay`. */
  readonly replayed: unknown[] = [];
  /** The service breaks off once this many values are done. */
  breaksAt: number | null = null;
  readonly limits = limits;
  readonly backlog = backlog;
  readonly ready = ready;
  backup = backup;

  /** The answer of a route, or `null` where it is none of these. */
  async answer(request: IncomingMessage, url: URL): Promise<[status: number, body: unknown] | null> {
    switch (`${request.method} ${url.pathname.slice('/api/v1'.length)}`) {
      case 'GET /rejections':
        return [200, this.rejections(url.searchParams)];
      case 'POST /rejections/replay':
        this.replayed.push(JSON.parse((await bytes(request)).toString('utf8')));
        return [200, { messages: 3, taken: 2, values: 5, refused: { 'bad-time': 1 }, skipped: 0 }];
      case 'GET /limits':
        return [200, limits];
      case 'GET /backlog':
        return [200, backlog];
      case 'GET /backup':
        return [200, this.backup];
      case 'POST /backup':
        return [200, (this.backup = { ...backup, isRunning: true })];
      case 'POST /import/file':
        return this.take(Object.fromEntries(url.searchParams), await bytes(request));
      default:
        return null;
    }
  }

  private rejections(asked: URLSearchParams): RejectionsAnswer {
    const fits = (name: 'reason' | 'station', value: string | null): boolean => [null, value].includes(asked.get(name));
    return { rejections: rejections.rejections.filter((r) => fits('reason', r.reason) && fits('station', r.station)) };
  }

  private take(asked: Record<string, string>, body: Buffer): [number, unknown] {
    this.files.push({ asked, text: body.toString('utf8') });
    if (body.toString('utf8').startsWith('a,b')) return [400, { status: 400, detail: '没有找到表头' }];
    if (asked.dryRun === '1') return [200, plan];
    const from = Number(asked.from ?? 0);
    if (this.breaksAt !== null && from >= this.breaksAt) return [503, { status: 503, detail: '现在不接收数据:磁盘已满' }];
    const done = Math.min(from + 1000, plan.total);
    const next = done < plan.total ? done : null;
    return [200, { ...plan, done, next, taken: done - from - (from === 0 ? 1 : 0), refused: [], refusedTotal: 0 }];
  }
}

async function bytes(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

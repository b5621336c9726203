/** What does an outside broker really give us, in words, and where may it drop a message? */
import type { Granted } from './connection.js';
import type { QueueTest } from './queue-test.js';

/** `words`: what is granted, on one line; `warnings`: where it may drop, each with its mend. */
export interface Findings {
  readonly words: string;
  readonly warnings: readonly string[];
}

/** Under this, a group commit waits for its broker. */
const NARROW = 100;

/** A session that ends sooner does not outlive a weekend's outage, s. */
const SHORT_SESSION = 3 * 24 * 3600;

/** The largest payload of contract §3 with its topic. */
const LARGEST_PACKET = 257 * 1024;

/** MQTT 5: what a CONNACK that does not name it means. */
const UNLIMITED_WINDOW = 65_535;

/**
 * Reads CONNACK and SUBACK (MQTT 5, 3.2.2.3). The receive maximum there binds what we send; Mosquitto sets both directions by
 * the same `max_inflight_messages`, which makes it the best sign of the window there is.
 */
export function readGranted({ version, resumed, properties, qos }: Granted): Findings {
  const words = [`MQTT ${version === 5 ? '5' : '3.1.1'}`, resumed ? '会话已续 session resumed' : '新会话 new session'];
  const warnings: string[] = [];
  if (qos === 0 || properties?.maximumQoS === 0) {
    warnings.push('代理只给 QoS 0,断线时的消息会丢 the broker grants QoS 0 only: what comes while we are away is lost');
  } else {
    words.push('QoS 1');
  }
  if (version === 4) {
    warnings.push(
      '代理只会 MQTT 3.1.1:窗口与会话期限由它定,看不到(Mosquitto 默认窗口 20)' +
        ' with MQTT 3.1.1 window and session are the broker’s own and cannot be seen: use one that speaks MQTT 5',
    );
    return { words: words.join(', '), warnings };
  }
  const window = properties?.receiveMaximum ?? UNLIMITED_WINDOW;
  words.push(`窗口 window ${window}`);
  if (window < NARROW) {
    warnings.push(
      `代理的窗口只有 ${window} 条,接收会变慢,积压快 the window is ${window}: set max_inflight_messages 1000 (Mosquitto)`,
    );
  }
  const expiry = properties?.sessionExpiryInterval;
  if (expiry === undefined) words.push('会话期限如所请 session expiry as asked');
  else words.push(`会话保留 session kept ${duration(expiry)}`);
  if (expiry !== undefined && expiry < SHORT_SESSION) {
    warnings.push(
      `代理只保留会话 ${duration(expiry)},停得更久就丢 the session is kept for ${duration(expiry)} only: what comes in a longer outage is lost`,
    );
  }
  const packet = properties?.maximumPacketSize;
  if (packet !== undefined) {
    words.push(`包 packet ≤ ${Math.floor(packet / 1024)} KiB`);
    if (packet < LARGEST_PACKET) {
      warnings.push(
        `代理拒收大于 ${Math.floor(packet / 1024)} KiB 的报文 payloads up to 256 KiB are allowed here and the broker refuses them: raise max_packet_size`,
      );
    }
  }
  if (properties?.retainAvailable === false) {
    words.push('无保留消息 no retained messages(站点在线状态在重连后未知 online states are unknown after a reconnect)');
  }
  return { words: words.join(', '), warnings };
}

/** What the test of the queue has shown. */
export function readQueueTest(test: QueueTest): Findings {
  const words: string[] = [];
  const warnings: string[] = [];
  if (test.software !== null) words.push(test.software);
  if (test.dropped !== null && test.dropped > 0) {
    warnings.push(
      `代理自启动以来已丢弃 ${test.dropped} 条(不分主题与 QoS) the broker says it has dropped ${test.dropped} messages since it started, of whatever topic`,
    );
  }
  switch (test.outcome) {
    case 'kept':
      words.push(`队列实测 queue test ${test.delivered}/${test.sent}`);
      break;
    case 'dropped':
      words.push(`队列实测 queue test ${test.delivered}/${test.sent}`);
      warnings.push(
        `代理为一个不取的订阅者只留了 ${test.delivered}/${test.sent} 条,其余收下后丢弃 the broker kept ${test.delivered} of ${test.sent} messages for a ` +
          'subscriber that was slow and dropped the rest after acknowledging them: set max_queued_messages 100000 (Mosquitto)',
      );
      break;
    case 'untested':
      words.push(`队列未实测 queue not tested(${test.why})`);
  }
  return { words: words.join(', '), warnings };
}

/** A span in ms, in words that both languages read. */
export const span = (ms: number): string => (ms < 120_000 ? `${Math.round(ms / 1000)} s` : minutes(ms / 60_000));

const minutes = (n: number): string => (n < 120 ? `${Math.round(n)} min` : duration(n * 60));

function duration(seconds: number): string {
  if (seconds >= 2 * 24 * 3600) return `${Math.floor(seconds / 86_400)} d`;
  return seconds >= 2 * 3600 ? `${Math.floor(seconds / 3600)} h` : `${seconds} s`;
}

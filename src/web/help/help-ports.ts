/** Which ports are open, and towards whom? The numbers are the environment's defaults; a test holds them to it. */

/** One way in or out of Heqing's machine, `edge` of the site's. `variable`: the environment variable that moves it; `null` where Heqing has no say. */
export interface Port {
  readonly id: 'pages' | 'devices' | 'proxy' | 'broker' | 'edge' | 'influx' | 'smtp' | 'channels' | 'clock';
  readonly ports: readonly number[];
  readonly direction: 'in' | 'out';
  readonly variable: string | null;
}

/** In the order in which somebody fills in a form for a firewall. */
export const PORTS: readonly Port[] = [
  { id: 'proxy', ports: [443], direction: 'in', variable: null },
  { id: 'pages', ports: [3000], direction: 'in', variable: 'HTTP_PORT' },
  { id: 'devices', ports: [1883], direction: 'in', variable: 'MQTT_PORT' },
  { id: 'broker', ports: [1883, 8883], direction: 'out', variable: 'MQTT_URL' },
  { id: 'edge', ports: [8883], direction: 'in', variable: null },
  { id: 'influx', ports: [8086], direction: 'out', variable: 'INFLUX_URL' },
  { id: 'smtp', ports: [587, 465], direction: 'out', variable: 'SMTP_URL' },
  { id: 'channels', ports: [443], direction: 'out', variable: 'HEQING_HEARTBEAT_URL' },
  { id: 'clock', ports: [123], direction: 'out', variable: null },
];

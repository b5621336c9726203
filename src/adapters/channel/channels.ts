/** Which channels beside mail can be used, and which of them lack their address? */
import type { ChannelSettings } from '../../domain/people.js';
import type { Mailer } from '../../pipeline/ports.js';
import { DingTalk } from './dingtalk.js';
import { Feishu } from './feishu.js';
import type { Address } from './post.js';
import { Webhook } from './webhook.js';
import { WeCom } from './wecom.js';

/** A channel that cannot be opened: a variable is unset, or holds no address. */
export interface ChannelFault {
  readonly channel: string;
  readonly variable: string;
  readonly message: string;
}

/** Channels by id, each behind the port of mail. */
export interface Channels {
  readonly open: ReadonlyMap<string, Mailer & { readonly address: string }>;
  readonly faults: readonly ChannelFault[];
}

/** Opens what the config names with what the environment holds; connects to nothing. No secret is ever in a fault. */
export function openChannels(settings: readonly ChannelSettings[], env: NodeJS.ProcessEnv): Channels {
  const open = new Map<string, Mailer & { readonly address: string }>();
  const faults: ChannelFault[] = [];
  for (const { id, kind, urlFrom, secretFrom } of settings) {
    const fault = (variable: string, message: string): void => void faults.push({ channel: id, variable, message });
    const url = env[urlFrom] ?? '';
    const secret = secretFrom === null ? null : (env[secretFrom] ?? '');
    if (url === '') fault(urlFrom, `is unset; the channel ${id} needs its address there`);
    else if (!isWebAddress(url)) fault(urlFrom, `is not an http or https address without a login; the channel ${id} needs one`);
    if (secret === '') fault(secretFrom ?? '', `is unset; the channel ${id} needs its signing secret there`);
    if (isWebAddress(url) && secret !== '') open.set(id, channelOf(kind, { url, secret }));
  }
  return { open, faults };
}

function channelOf(kind: ChannelSettings['kind'], address: Address): Mailer & { readonly address: string } {
  switch (kind) {
    case 'webhook':
      return new Webhook(address);
    case 'dingtalk':
      return new DingTalk(address);
    case 'wecom':
      return new WeCom(address);
    case 'feishu':
      return new Feishu(address);
  }
}

/** A login in an address is asked by nobody: `fetch` refuses it, naming the whole address. */
function isWebAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return ['http:', 'https:'].includes(protocol) && username === '' && password === '';
}

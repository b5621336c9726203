/** What is the ceiling behind an outside broker? An MQTT.js subscriber at QoS 1 that does nothing but count. */
import mqtt from 'mqtt';

/** What it is asked: subscribe there; how many by now. */
export type SubscriberOrder = { readonly kind: 'subscribe'; readonly url: string } | { readonly kind: 'count' };

/** What it says. */
export type SubscriberAnswer =
  { readonly kind: 'subscribed' } | { readonly kind: 'counted'; readonly messages: number; readonly at: number };

let messages = 0;

process.on('message', (order: SubscriberOrder) => {
  switch (order.kind) {
    case 'count':
      process.send?.({ kind: 'counted', messages, at: performance.timeOrigin + performance.now() } satisfies SubscriberAnswer);
      return;
    case 'subscribe': {
      const client = mqtt.connect(order.url, {
        ...{ protocolVersion: 5, clean: false, clientId: 'bare', reconnectPeriod: 0 },
        properties: { receiveMaximum: 1000, sessionExpiryInterval: 600 },
      });
      client.on('message', () => {
        messages += 1;
      });
      client.on('connect', () =>
        client.subscribe('heqing/+/readings', { qos: 1 }, () =>
          process.send?.({ kind: 'subscribed' } satisfies SubscriberAnswer),
        ),
      );
    }
  }
});
process.on('disconnect', () => process.exit(0));

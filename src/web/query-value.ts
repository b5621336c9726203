/** How does a choice on a page stand in its address, so that a link shows a colleague the same? */
import { computed, type WritableComputedRef } from 'vue';
import { useRoute, useRouter } from 'vue-router';

/** One text of the query; an empty one is not written. */
export function useQueryText(name: string): WritableComputedRef<string> {
  const route = useRoute();
  const router = useRouter();
  return computed({
    get() {
      const given = route.query[name];
      return typeof given === 'string' ? given : '';
    },
    set(value) {
      const query = { ...route.query };
      if (value === '') delete query[name];
      else query[name] = value;
      void router.replace({ query });
    },
  });
}

/** One of a few; the first is the usual one and is not written. Anything else in the address reads as it. */
export function useQueryChoice<T extends string>(name: string, choices: readonly [T, ...T[]]): WritableComputedRef<T> {
  const text = useQueryText(name);
  return computed({
    get: () => choices.find((choice) => choice === text.value) ?? choices[0],
    set: (value) => (text.value = value === choices[0] ? '' : value),
  });
}

/** How are the pages built? From `src/web` into `dist/web`, for a browser of two years ago, without anything inline. */
import { fileURLToPath } from 'node:url';
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: here('.'),
  plugins: [vue()],
  define: {
    __VUE_OPTIONS_API__: 'false',
    __VUE_PROD_DEVTOOLS__: 'false',
    __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false',
  },
  build: {
    outDir: here('../../dist/web'),
    emptyOutDir: true,
    target: 'chrome120',
    // The Content-Security-Policy knows 'self' only: no data: fonts, no inline module preload.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // ECharts is one chunk, loaded when the first chart is opened.
    chunkSizeWarningLimit: 700,
    rolldownOptions: {
      output: { codeSplitting: { groups: [{ name: 'echarts', test: /node_modules[\\/](echarts|zrender)[\\/]/ }] } },
    },
  },
  server: { proxy: { '/api': process.env.PUBLIC_URL ?? 'http://127.0.0.1:3000' } },
});

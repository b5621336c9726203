/** Where does the page begin? */
import { createApp } from 'vue';
import AppShell from './app-shell.vue';
import { pageRouter } from './routes.js';
import './tokens.css';
import './page.css';

createApp(AppShell).use(pageRouter()).mount('#page');

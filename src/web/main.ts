/** Where does the page begin? */
import { createApp } from 'vue';
import AppShell from './app-shell.vue';
import { watchHands } from './attended.js';
import { watchPaper } from './paper.js';
import { pageRouter } from './routes.js';
import './tokens.css';
import './page.css';

watchHands();
watchPaper();
createApp(AppShell).use(pageRouter()).mount('#page');

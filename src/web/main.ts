/** Where does the page begin? */
import { createApp } from 'vue';
import OverviewPage from './overview-page.vue';
import './tokens.css';
import './page.css';

createApp(OverviewPage).mount('#page');

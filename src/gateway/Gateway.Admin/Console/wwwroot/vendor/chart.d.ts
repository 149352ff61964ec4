// The types of what tools/vendor/chart.js bundles.
export { default } from 'uplot';

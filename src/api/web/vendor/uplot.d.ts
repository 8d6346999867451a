/** The library `uplot` as the build copies it beside the pages. */
export { default } from 'uplot';

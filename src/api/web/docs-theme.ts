/** The panel of samples is dark on a light page too: its letters are coloured for that. */
const SAMPLES = { paper: '#171e23', code: '#0f1418', ink: '#e7ecef', good: '#5fcca9', bad: '#ff958c' };

/** The colours and letters of the pages as a theme of Redoc, which reckons with colours and so takes no names for them. */
export function redocTheme(): object {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string) => style.getPropertyValue(`--${name}`).trim();
  const [paper, surface, ink, muted, line] = ['paper', 'surface', 'ink', 'muted', 'line'].map(colour);
  const [accent, soft, well, look, emergency] = ['accent', 'accent-soft', 'well', 'look', 'emergency'].map(colour);
  const menu = { activeBackgroundColor: soft, activeTextColor: accent };
  return {
    colors: {
      primary: { main: accent, light: muted },
      success: { main: well },
      warning: { main: look, dark: look },
      error: { main: emergency },
      gray: { 50: surface, 100: line },
      text: { primary: ink, secondary: muted },
      border: { dark: line, light: line },
      responses: {
        success: { color: well, backgroundColor: colour('well-soft'), tabTextColor: SAMPLES.good },
        error: { color: emergency, backgroundColor: colour('emergency-soft'), tabTextColor: SAMPLES.bad },
        info: { color: accent, backgroundColor: soft },
      },
    },
    schema: { linesColor: line, nestedBackground: surface },
    sidebar: { backgroundColor: surface, textColor: ink, activeTextColor: accent, groupItems: menu, level1Items: menu },
    rightPanel: {
      backgroundColor: SAMPLES.paper,
      textColor: SAMPLES.ink,
      servers: { overlay: { backgroundColor: surface, textColor: ink }, url: { backgroundColor: paper } },
    },
    codeBlock: { backgroundColor: SAMPLES.code },
    fab: { backgroundColor: surface, color: accent },
    typography: {
      fontFamily: 'inherit',
      headings: { fontFamily: 'inherit', fontWeight: '600' },
      code: { fontFamily: 'var(--mono)', color: ink, backgroundColor: soft },
      links: { color: accent, hover: accent },
    },
  };
}

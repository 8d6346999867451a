// Before the first paint, so that a page that was set to dark does not flash. The rest is in shell.ts.
{
  const theme = localStorage.getItem('territory.theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
}

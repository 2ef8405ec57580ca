// Runs before the first paint, as a file because the content security policy allows no inline script.
// The key and its values are those of web/src/lib/theme-store.ts.
try {
  const theme = localStorage.getItem('assay.theme')
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
} catch {
  // Storage may be forbidden; the system's scheme applies then.
}

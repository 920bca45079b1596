// Runs before the first paint: the chosen appearance, and that scripts are there.
(() => {
  const root = document.documentElement, dark = matchMedia("(prefers-color-scheme: dark)");
  const kept = name => { try { return localStorage.getItem(name); } catch { return null; } };
  const apply = () => {
    const choice = kept("yiwei-theme") || "auto";
    root.dataset.bsTheme = choice === "auto" ? (dark.matches ? "dark" : "light") : choice;
    root.dataset.themeChosen = choice;
  };
  root.classList.add("js");
  if (kept("yiwei-side") === "hidden") root.classList.add("side-hidden");
  apply();
  dark.addEventListener("change", apply);
  window.yiweiTheme = choice => {
    try { localStorage.setItem("yiwei-theme", choice); } catch { /* private window: for this page only */ }
    apply();
    root.dataset.bsTheme = choice === "auto" ? (dark.matches ? "dark" : "light") : choice;
    document.dispatchEvent(new CustomEvent("yiwei:theme"));
  };
})();

// Charts: ECharts is fetched only where a page has one.
(() => {
  const source = document.currentScript.dataset.src;
  const boxes = [...document.querySelectorAll("[data-chart]")];
  if (!boxes.length) return;
  const style = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const COLORS = ["#2a8a7a", "#d99a43", "#4a7fc1", "#b85c4c", "#7d6bb0", "#6f9f4a", "#3a9fb0", "#a1887f"];

  const axis = given => (Array.isArray(given) ? given : given ? [given] : []).map(a => ({
    ...a, axisLabel: { color: style("--dim"), ...a.axisLabel }, axisLine: { lineStyle: { color: style("--line-strong") } },
    splitLine: { lineStyle: { color: style("--line") }, ...a.splitLine }, nameTextStyle: { color: style("--dim") },
  }));
  const dressed = option => ({
    color: COLORS, backgroundColor: "transparent", textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
    grid: { left: 12, right: 16, top: 44, bottom: 8, containLabel: true },
    ...option,
    // drawn on the canvas: a tooltip of HTML would bring styles that our policy refuses
    tooltip: { trigger: option.xAxis ? "axis" : "item", confine: true, ...option.tooltip, renderMode: "richText" },
    ...(option.legend || (option.series || []).length > 1 ? { legend: { top: 4, textStyle: { color: style("--dim") }, ...option.legend } } : {}),
    series: (option.series || []).map(one => one.type === "bar" ? { barMaxWidth: 44, itemStyle: { borderRadius: 4 }, ...one } : one),
    ...(option.xAxis ? { xAxis: axis(option.xAxis) } : {}), ...(option.yAxis ? { yAxis: axis(option.yAxis) } : {}),
  });

  const script = document.createElement("script");
  script.src = source;
  script.onload = () => {
    const made = boxes.map(box => {
      const option = JSON.parse(box.querySelector("script").textContent);
      return [window.echarts.init(box), option];
    });
    const draw = () => made.forEach(([chart, option]) => chart.setOption(dressed(option), true));
    draw();
    document.addEventListener("yiwei:theme", draw);
    window.addEventListener("resize", () => made.forEach(([chart]) => chart.resize()));
  };
  document.head.append(script);
})();

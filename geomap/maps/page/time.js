// Time: a histogram of what the other filters leave, two handles on it, and play.
const FRAMES = 60, FRAME_MS = 160;

class Timebar {
  constructor(state) {
    this.state = state;
    const range = key => el("input", { type: "range", min: state.first, max: state.last, step: 1, "aria-label": say("time." + key), class: key,
      oninput: () => this.moved(key) });
    this.from = range("from"); this.to = range("to");
    this.canvas = el("canvas", { "aria-hidden": "true" });
    this.play = el("button", { type: "button", class: "play", onclick: () => this.toggle() }, say("time.play"));
    this.label = el("output", {});
    this.undated = el("label", { class: "undated" });
    this.undatedBox = el("input", { type: "checkbox", checked: true, onchange: () => { state.undatedToo = this.undatedBox.checked; state.apply(); } });
    this.undatedText = el("span");
    this.undated.append(this.undatedBox, this.undatedText);
    this.node = el("section", { id: "time", "aria-label": say("time.name") }, this.play,
      el("div", { class: "track" }, this.canvas, this.from, this.to, el("span", { class: "ends" }, el("span", {}, state.dated ? sayDay(state.first) : ""), el("span", {}, state.dated ? sayDay(state.last) : ""))),
      el("div", { class: "said" }, this.label, this.undated));
    this.node.hidden = !state.dated || state.first === state.last;
    this.show();
    state.on(what => { if (what === "shown" || what === "colours") this.paint(); });
    new ResizeObserver(() => this.paint()).observe(this.canvas);
  }

  show() {
    const [from, to] = this.state.window;
    this.from.value = from; this.to.value = to;
    this.say();
  }

  say() {
    const [from, to] = this.state.window;
    this.label.textContent = sayDays(from, to);
    this.from.setAttribute("aria-valuetext", sayDay(from)); this.to.setAttribute("aria-valuetext", sayDay(to));
    this.from.style.zIndex = from > (this.state.first + this.state.last) / 2 ? 3 : 2;
  }

  moved(key) {
    this.stop();
    let from = Number(this.from.value), to = Number(this.to.value);
    if (from > to) { if (key === "from") from = to; else to = from; }
    this.set(from, to);
  }

  set(from, to) {
    const { state } = this;
    if (from === state.window[0] && to === state.window[1]) { this.show(); return; }
    state.window = [from, to];
    this.show();
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => state.apply());
  }

  // A window of the chosen width (a tenth of all where everything is chosen) walks over the days.
  toggle() {
    if (this.timer) { this.stop(); return; }
    const { state } = this, span = state.last - state.first;
    let width = state.window[1] - state.window[0];
    if (width >= span) width = Math.max(0, Math.round(span / 10));
    const step = Math.max(1, Math.round(span / FRAMES));
    let from = state.window[0] > state.first && state.window[1] < state.last ? state.window[0] : state.first;
    this.play.textContent = say("time.stop");
    this.timer = setInterval(() => {
      this.set(from, Math.min(state.last, from + width));
      if (from + width >= state.last) { this.stop(); return; }
      from += step;
    }, matchMedia("(prefers-reduced-motion: reduce)").matches ? FRAME_MS * 6 : FRAME_MS);
  }

  stop() {
    clearInterval(this.timer);
    this.timer = null;
    this.play.textContent = say("time.play");
  }

  paint() {
    const { canvas, state } = this, ratio = window.devicePixelRatio || 1, width = canvas.clientWidth, height = canvas.clientHeight;
    this.undated.hidden = !state.undated;
    this.undatedText.textContent = say("time.undated", { n: state.undated ?? 0 });
    if (!width || !state.bins) return;
    canvas.width = width * ratio; canvas.height = height * ratio;
    const context = canvas.getContext("2d"), most = Math.max(3, ...state.bins), bars = state.bins.length, wide = width / bars, colours = theme();
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const spread = state.last - state.first + 1, [from, to] = state.window;
    state.bins.forEach((n, k) => {
      const day = state.first + k * spread / bars, inside = day + spread / bars > from && day <= to;
      const tall = n ? Math.max(2, n / most * (height - 3)) : 0, bar = Math.min(14, Math.max(1, wide - (wide > 3 ? 1 : 0)));
      const middle = (k + 0.5) * wide, x = (RTL ? width - middle : middle) - bar / 2;
      context.fillStyle = colours.ink; context.globalAlpha = inside ? 0.62 : 0.18;
      context.fillRect(x, height - tall, bar, tall);
    });
    context.globalAlpha = 1; context.fillStyle = colours.quiet; context.fillRect(0, height - 1, width, 1);
  }
}

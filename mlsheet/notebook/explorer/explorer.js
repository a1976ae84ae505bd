/* Explorers in the built page: a template SVG whose slots are filled frame by frame.
   Each <section class="mlsheet-explorer"> holds its frames as base64 in a <script>; the encoder
   is payload.py. No dependency, no request. */
(() => {
  "use strict";
  const PAIRS = { M: "~ ~ ", L: "~ ~ ", Q: "~ ~ ~ ~ ", C: "~ ~ ~ ~ ~ ~ ", z: "" };
  const wording = (runs) => runs.replace(/([MLQCz])(\d+)/g, (_, c, n) => (c + PAIRS[c]).repeat(n));

  async function load(section) {
    const text = section.querySelector("script").textContent;
    const zipped = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
    const stream = new Blob([zipped]).stream().pipeThrough(new DecompressionStream("gzip"));
    return decode(await new Response(stream).arrayBuffer());
  }

  /* -> groups of slots: { row(positions), set(row, nodes) } */
  function decode(buffer) {
    const [headerLength, streamLength] = new Uint32Array(buffer, 0, 2);
    const part = (from, length) => new Uint8Array(buffer, from, length);
    const header = JSON.parse(new TextDecoder().decode(part(8, headerLength)));
    const stream = part(8 + headerLength, streamLength);
    let at = 0, pixelsAt = 8 + headerLength + streamLength;
    const integer = () => {
      let value = 0, place = 1, byte;
      do { byte = stream[at++]; value += (byte & 127) * place; place *= 128; } while (byte > 127);
      return value % 2 ? -(value + 1) / 2 : value / 2;
    };
    const rowsOf = (axes) => axes.reduce((n, axis) => n * header.shape[axis], 1);
    const groups = [];
    const group = (axes, set) => groups.push({
      shown: -1, set,
      row: (positions) => axes.reduce((row, axis) => row * header.shape[axis] + positions[axis], 0),
    });

    for (const [axes, name, nodes, words, width, scale, betweenRows, times] of header.numbers) {
      const rows = rowsOf(axes), columns = width * nodes.length, stride = name === "d" ? 2 : width;
      const M = new Int32Array(rows * columns);
      if (betweenRows) for (let c = 0; c < columns; c++) for (let i = c; i < M.length; i += columns) M[i] = integer();
      else for (let i = 0; i < M.length; i++) M[i] = integer();
      sum(M, columns, betweenRows, times, stride);
      const parts = (name === "d" ? wording(words) : words).split("~");
      group(axes, (row, all) => nodes.forEach((node, k) =>
        all[node].setAttribute(name, fill(parts, M, row * columns + k * width, scale))));
    }
    for (const [axes, name, nodes, pool] of header.choices) {
      const texts = name !== "d" ? pool : pool.map((runs) => {
        const line = new Int32Array(wording(runs).split("~").length - 1);
        for (let i = 0; i < line.length; i++) line[i] = integer() + (i > 1 ? line[i - 2] : 0);
        return () => fill(wording(runs).split("~"), line, 0, 10);
      });
      const rows = rowsOf(axes);
      const indices = nodes.map(() => {
        const list = new Int32Array(rows);
        for (let i = 0; i < rows; i++) list[i] = integer() + (i && list[i - 1]);
        return list;
      });
      const shown = nodes.map(() => -1);
      group(axes, (row, all) => nodes.forEach((node, k) => {
        const index = indices[k][row];
        if (index !== shown[k]) put(all[node], name, name === "d" ? texts[index]() : texts[index]);
        shown[k] = index;
      }));
    }
    for (const [axes, node, [width, height], table, betweenRows, along] of header.images) {
      const size = width * height, palette = Uint8Array.from(atob(table), (c) => c.charCodeAt(0));
      const pixels = part(pixelsAt, rowsOf(axes) * size);
      pixelsAt += pixels.length;
      sum(pixels, size, betweenRows, along, 1);
      const canvas = Object.assign(document.createElement("canvas"), { width, height });
      const context = canvas.getContext("2d"), image = context.createImageData(width, height);
      group(axes, (row, all) => {
        for (let i = 0; i < size; i++) {
          const colour = pixels[row * size + i] * 4;
          for (let k = 0; k < 4; k++) image.data[4 * i + k] = palette[colour + k];
        }
        context.putImageData(image, 0, 0);
        all[node].setAttribute("href", canvas.toDataURL());
      });
    }
    return groups;
  }

  /* undo the differences: along each row, then between the rows */
  function sum(M, columns, betweenRows, times, stride) {
    for (; times; times--) for (let i = 0; i < M.length; i++) if (i % columns >= stride) M[i] += M[i - stride];
    if (betweenRows) for (let i = columns; i < M.length; i++) M[i] += M[i - columns];
  }

  function fill(parts, numbers, at, scale) {
    let text = parts[0];
    for (let i = 1; i < parts.length; i++) text += numbers[at++] / scale + parts[i];
    return text;
  }

  function put(node, name, value) {
    if (name === "#text") node.textContent = value;
    else if (name === "#html") node.innerHTML = value;
    else if (value === "") node.removeAttribute(name);
    else node.setAttribute(name, value);
  }

  function upgrade(section) {
    const find = (selector) => [...section.querySelectorAll(selector)];
    const inputs = find("[data-axis]"), nodes = find("[data-slot]");
    const svg = section.querySelector("svg"), live = section.querySelector(".mlsheet-live");
    const isRange = (input) => input.type === "range";
    const position = (input) => isRange(input) ? +input.value : input.selectedIndex;
    const start = inputs.map(position);
    let groups, loading, queued, speaking;

    const draw = (positions) => {
      for (const g of groups) {
        const row = g.row(positions);
        if (row !== g.shown) g.set(g.shown = row, nodes);
      }
    };
    const drawNow = () => { queued = 0; draw(inputs.map(position)); };
    const ready = () => loading ||= load(section).then((found) => { groups = found; section.dataset.ready = ""; });
    const moved = () => {
      for (const input of inputs.filter(isRange)) {
        const text = JSON.parse(input.dataset.texts)[+input.value];
        input.setAttribute("aria-valuetext", text);
        section.querySelector(`output[for="${input.id}"]`).textContent = text;
      }
      ready().then(() => { queued ||= requestAnimationFrame(drawNow); });
      clearTimeout(speaking);
      speaking = setTimeout(() => { live.textContent = svg.getAttribute("aria-label"); }, 250);
    };
    const move = (input, to) => { if (isRange(input)) input.value = to; else input.selectedIndex = to; };

    section.addEventListener("input", moved);
    for (const button of find("[data-to]")) button.addEventListener("click", () => {
      for (const [axis, to] of Object.entries(JSON.parse(button.dataset.to))) move(inputs[axis], to);
      moved();
    });
    for (const button of find(".mlsheet-play")) {
      const input = button.parentElement.querySelector("input");
      const stepOnly = matchMedia("(prefers-reduced-motion: reduce)").matches;
      let timer;
      const stop = () => { timer = clearInterval(timer); button.textContent = stepOnly ? "Step" : "Play"; };
      const step = () => {
        move(input, +input.value < +input.max ? +input.value + 1 : 0);
        moved();
        if (+input.value === +input.max) stop();
      };
      button.addEventListener("click", () => {
        if (timer) return stop();
        if (!stepOnly) {
          timer = setInterval(step, 700);
          button.textContent = "Pause";
        }
        step();
      });
      stop();
    }
    addEventListener("beforeprint", () => groups && draw(start));
    addEventListener("afterprint", () => groups && drawNow());
    section.querySelector(".mlsheet-controls").hidden = false;
    new IntersectionObserver((entries, observer) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      observer.disconnect();
      (window.requestIdleCallback || setTimeout)(ready);
    }, { rootMargin: "600px" }).observe(section);
  }

  const upgradeAll = () => document.querySelectorAll(".mlsheet-explorer").forEach(upgrade);
  if (!window.DecompressionStream) return;
  if (document.readyState === "loading") addEventListener("DOMContentLoaded", upgradeAll);
  else upgradeAll();
})();

// What can be measured of a page as it stands in the browser. Each function returns lines, one for each thing that is wrong.

() => {
  const told = (it) => {
    const name = it.tagName.toLowerCase() + (it.id ? `#${it.id}` : "") + (it.getAttribute("class") ? `.${it.getAttribute("class").trim().replaceAll(/\s+/g, ".")}` : "");
    return `${name} "${(it.textContent || it.value || "").trim().replaceAll(/\s+/g, " ").slice(0, 40)}"`;
  };
  const seen = (it) => it.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && !it.closest(".unseen, .skip, .machines") && !getComputedStyle(it).clipPath.startsWith("inset");
  const FOCUSABLE = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']";
  const focusable = () => [...document.querySelectorAll(FOCUSABLE)].filter((it) => !it.disabled && it.checkVisibility({ visibilityProperty: true }));
  const fill = (it) => getComputedStyle(it).fill;
  const rgb = (colour) => {
    const parts = (colour.match(/[\d.]+/g) || []).map(Number);
    return parts.length < 3 || parts[3] === 0 ? null : parts;
  };
  const luminance = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map((each) => (each /= 255) <= 0.04045 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4);
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const contrast = (a, b) => {
    const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y);
    return (light + 0.05) / (dark + 0.05);
  };

  return {
    open: () => document.querySelectorAll("details").forEach((it) => { it.open = !it.matches(".rest"); }),

    tooWide: () => {
      const over = document.documentElement.scrollWidth - document.documentElement.clientWidth;
      if (over <= 0) return [];
      const edge = document.documentElement.clientWidth;
      const out = [...document.querySelectorAll("main *, header *")].filter((it) => {
        const box = it.getBoundingClientRect();
        return (box.right > edge + 1 || box.left < -1) && seen(it) && !it.closest(".wide, .drawing");
      });
      return [`${over} pixels too wide: ${out.slice(-2).map(told).join("; ") || "?"}`];
    },

    clipped: () => [...document.querySelectorAll("body *")].filter((it) => {
      const style = getComputedStyle(it);
      if (!seen(it) || it.closest("svg") || it.matches("select, input, textarea, .wide, .drawing, .item .about")) return false;
      if (![...it.childNodes].some((each) => each.nodeType === 3 && each.textContent.trim())) return false;
      const cut = /hidden|clip/.test(style.overflowX + style.overflowY);
      return cut && (it.scrollWidth > it.clientWidth + 1 || it.scrollHeight > it.clientHeight + 1);
    }).map((it) => `cut off: ${told(it)}`),

    overlapping: () => {
      const texts = [...document.querySelectorAll("main a, main button, main label, main h1, main h2, main h3, .top a, .top button")].filter(seen);
      const boxes = texts.map((it) => [it, it.getBoundingClientRect()]).filter(([, box]) => box.width && box.height);
      const wrong = [];
      for (let first = 0; first < boxes.length; first++) {
        for (let second = first + 1; second < Math.min(boxes.length, first + 12); second++) {
          const [[a, one], [b, other]] = [boxes[first], boxes[second]];
          if (a.contains(b) || b.contains(a) || a.matches(".levels *") || getComputedStyle(a).display === "inline" || getComputedStyle(b).display === "inline") continue;
          const wide = Math.min(one.right, other.right) - Math.max(one.left, other.left);
          const high = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
          if (wide > 2 && high > 2) wrong.push(`over one another: ${told(a)} and ${told(b)}`);
        }
      }
      return wrong;
    },

    longLines: (most) => [...document.querySelectorAll("main p, main li, main dd, main td, main small, .alert")].filter((it) => {
      if (!seen(it) || it.querySelector("p, li, dd, form, table, a.item, svg, div")) return false;
      const size = parseFloat(getComputedStyle(it).fontSize);
      const range = document.createRange();
      range.selectNodeContents(it);
      const wide = range.getBoundingClientRect().width;
      return it.textContent.trim().length > most && wide / (size * 0.5) > most;
    }).map((it) => `a line of more than ${most} characters: ${told(it)}`),

    unseenFocus: () => {
      const wrong = [];
      for (const it of focusable()) {
        it.focus({ focusVisible: true, preventScroll: false });
        if (document.activeElement !== it) continue;
        const shows = it.matches(".levels input") ? it.nextElementSibling : it;
        const style = getComputedStyle(shows);
        if (style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 2) wrong.push(`focus cannot be seen: ${told(it)}`);
        const box = it.getBoundingClientRect();
        const [x, y] = [Math.max(box.left, 0) + Math.min(box.width, 40) / 2, Math.max(box.top, 0) + Math.min(box.height, 24) / 2];
        const on = document.elementFromPoint(x, y);
        if (box.width && !(on && (it.contains(on) || on.contains(it) || on.closest("label")))) wrong.push(`focus is hidden behind ${on ? told(on) : "the edge"}: ${told(it)}`);
      }
      document.activeElement?.blur();
      scrollTo(0, 0);
      return wrong;
    },

    outOfOrder: () => {
      const rtl = document.documentElement.dir === "rtl";
      const all = focusable().filter(seen).map((it) => [it, it.getBoundingClientRect()]).filter(([it, box]) => box.width && !it.closest(".rest ul"));
      const wrong = [];
      for (let at = 1; at < all.length; at++) {
        const [[before, one], [it, other]] = [all[at - 1], all[at]];
        const beside = rtl ? other.right <= one.left + 1 : other.left >= one.right - 1;
        const column = rtl ? other.right <= one.right - 40 : other.left >= one.left + 40;
        if (other.bottom <= one.top + 1 && !beside && !column) wrong.push(`stands above what comes before it: ${told(it)} after ${told(before)}`);
        const sameRow = other.top < one.bottom - 4 && one.top < other.bottom - 4;
        const wayBack = rtl ? other.left >= one.right - 1 : other.right <= one.left + 1;
        if (sameRow && wayBack) wrong.push(`stands beside, but before what comes before it: ${told(it)} after ${told(before)}`);
      }
      return wrong;
    },

    unreadablePictures: () => {
      const wrong = [];
      for (const text of document.querySelectorAll("svg text")) {
        if (!text.textContent.trim() || !text.closest("svg").checkVisibility()) continue;
        text.scrollIntoView({ block: "center", inline: "center" });
        const box = text.getBoundingClientRect();
        const ink = rgb(fill(text));
        let ground = null;
        for (const it of document.elementsFromPoint(box.left + box.width / 2, box.top + box.height / 2)) {
          if (it.closest("svg") && it.tagName !== "svg") {
            if (it.tagName === "text" || it.tagName === "tspan" || fill(it) === "none" || fill(it).startsWith("url")) continue;
            ground = it.tagName === "g" ? null : rgb(fill(it));
          } else ground = rgb(getComputedStyle(it).backgroundColor);
          if (ground) break;
        }
        if (ink && ground && contrast(ink, ground) < 4.5) wrong.push(`${contrast(ink, ground).toFixed(1)} in a picture: ${told(text)} ${fill(text)} (${text.getAttribute("fill")}) on ${ground}`);
      }
      scrollTo(0, 0);
      return wrong;
    },

    axe: async (rules) => {
      const found = await axe.run(document, rules);
      return found.violations.flatMap((each) => each.nodes.slice(0, 4).map((node) => `axe ${each.id}: ${node.target.join(" ")} ${node.any.concat(node.all, node.none).map((why) => why.message).join(" ").slice(0, 220)}`));
    },
  };
}

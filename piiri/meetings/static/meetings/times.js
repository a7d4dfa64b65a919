// Painting one's times: by mouse, finger and keyboard. What is sent are the selects of the list; they are kept in step.

const table = document.querySelector(".heat[data-paint]");
const form = document.getElementById("marks");
const PRESSED = ["false", "mixed", "true"];
let changed = false;

for (const part of document.querySelectorAll("[data-paints]")) part.hidden = false;

const rows = table ? [...table.tBodies[0].rows].map((row) => [...row.cells].slice(1).map((cell) => cell.querySelector("button.slot"))) : [];
const slots = rows.flat().filter(Boolean);
const select = (slot) => form.elements[`h${slot.dataset.n}`];
const paint = () => document.querySelector("input[name=paint]:checked").value;
const words = [form?.dataset.clear, form?.dataset.needed, form?.dataset.works];

function show(slot) {
  const mark = Number(select(slot).value);
  const count = Number(slot.dataset.others) + (mark > 0 ? 1 : 0);
  slot.setAttribute("aria-pressed", PRESSED[mark]);
  slot.setAttribute("aria-label", `${slot.dataset.said.replace("#", count)}, ${words[mark]}`);
  slot.dataset.level = Math.ceil((7 * count) / Number(table.dataset.all));
  slot.firstElementChild.textContent = count;
}

function mark(slot, value) {
  if (!slot || select(slot).value === value) return;
  select(slot).value = value;
  changed = true;
  show(slot);
}

// What is marked so already is cleared: one press marks, the next takes back.
const turned = (slot) => (select(slot).value === paint() ? "0" : paint());

function focus(slot) {
  if (!slot) return;
  for (const each of slots) each.tabIndex = each === slot ? 0 : -1;
  slot.focus();
}

function beside(slot, key) {
  const row = rows.findIndex((cells) => cells.includes(slot));
  const column = rows[row].indexOf(slot);
  const [down, across] = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[key];
  return rows[row + down]?.[column + across];
}

let stroke = null; // the value being painted
let holding = 0;
let began = null;

function under(event) {
  const slot = document.elementFromPoint(event.clientX, event.clientY)?.closest("button.slot");
  return table.contains(slot) ? slot : null;
}

if (table) {
  for (const each of slots) each.tabIndex = each === slots[0] ? 0 : -1;

  table.addEventListener("keydown", (event) => {
    const slot = event.target.closest("button.slot");
    if (!slot || !event.key.startsWith("Arrow")) return;
    event.preventDefault();
    const next = beside(slot, event.key);
    if (event.shiftKey) for (const each of [slot, next]) mark(each, paint());
    focus(next);
  });

  // Space, Enter and screen readers press; a mouse or a finger has painted already.
  table.addEventListener("click", (event) => {
    const slot = event.target.closest("button.slot");
    if (slot && event.detail === 0) mark(slot, turned(slot));
  });

  table.addEventListener("pointerdown", (event) => {
    const slot = event.target.closest("button.slot");
    if (!slot || event.button) return;
    began = { slot, x: event.clientX, y: event.clientY };
    if (event.pointerType === "touch") holding = setTimeout(() => begin(slot), 250);
    else begin(slot);
  });

  function begin(slot) {
    stroke = turned(slot);
    mark(slot, stroke);
    focus(slot);
  }

  // A finger that rests a moment paints; one that moves at once scrolls; one that only taps marks one.
  table.addEventListener("touchmove", (event) => stroke !== null && event.preventDefault(), { passive: false });
  table.addEventListener("contextmenu", (event) => stroke !== null && event.preventDefault());

  document.addEventListener("pointermove", (event) => {
    if (stroke !== null) mark(under(event), stroke);
    else if (began && Math.hypot(event.clientX - began.x, event.clientY - began.y) > 8) rest();
  });
  document.addEventListener("pointerup", () => {
    if (began && stroke === null) begin(began.slot);
    rest();
  });
  document.addEventListener("pointercancel", rest);

  function rest() {
    clearTimeout(holding);
    stroke = began = null;
  }

  form.addEventListener("change", (event) => {
    const slot = slots.find((each) => `h${each.dataset.n}` === event.target.name);
    changed = true;
    if (slot) show(slot);
  });

  // Other weeks and everybody's page: what was painted is saved on the way.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-go]");
    if (!link || !changed) return;
    event.preventDefault();
    form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "go", value: link.dataset.go }));
    form.requestSubmit();
  });
}

// Leaves only the rows of a long table that hold every word typed above it, and every phrase in
// quotation marks, whatever their case, accents and thousands separators. Without scripts the box
// stays hidden and the table whole.
const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").replace(/’/g, "'")
  .replace(/(\d)[,\u00a0\u202f ](?=\d{3}(?!\d))/g, "$1").toLowerCase();
const parts = (typed) => [...fold(typed).matchAll(/["«“]\s*([^"»”]+?)\s*(?:["»”]|$)|(\S+)/g)]
  .map((found) => found[1] ?? found[2]);
for (const box of document.querySelectorAll(".search")) {
  const input = box.querySelector("input");
  const found = box.querySelector("output");
  const rows = [...box.parentElement.querySelectorAll("tbody tr")];
  // Cells are apart, so that no phrase runs from one into the next.
  const texts = rows.map((row) => fold([...row.cells].map((cell) => cell.textContent).join(" | ")));
  const search = () => {
    const words = parts(input.value);
    let shown = 0;
    rows.forEach((row, place) => {
      row.hidden = !words.every((word) => texts[place].includes(word));
      shown += row.hidden ? 0 : 1;
    });
    found.textContent = found.dataset.text.replace("#", shown);
  };
  box.hidden = false;
  input.addEventListener("input", search);
  search();
}

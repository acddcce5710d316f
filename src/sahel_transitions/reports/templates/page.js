// Leaves only the rows of a long table that hold every word typed above it, whatever their case
// and accents. Without scripts the box stays hidden and the table whole.
const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").replace(/’/g, "'").toLowerCase();
for (const box of document.querySelectorAll(".search")) {
  const input = box.querySelector("input");
  const found = box.querySelector("output");
  const rows = [...box.parentElement.querySelectorAll("tbody tr")];
  const texts = rows.map((row) => fold(row.textContent));
  const search = () => {
    const words = fold(input.value).split(/\s+/).filter(Boolean);
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

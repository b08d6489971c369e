// @ts-check
/* A drawn signature beside the typed one, and files dropped on a file input. */

class SignPad extends HTMLElement {
  connectedCallback() {
    const canvas = this.querySelector("canvas");
    const field = this.querySelector("input");
    const clear = this.querySelector("button");
    const pen = canvas?.getContext("2d");
    if (!canvas || !field || !pen) return;
    this.hidden = false;
    const fit = () => {
      const scale = window.devicePixelRatio || 1;
      canvas.width = canvas.clientWidth * scale;
      canvas.height = canvas.clientHeight * scale;
      pen.scale(scale, scale);
      pen.lineWidth = 2.5;
      pen.lineCap = pen.lineJoin = "round";
      pen.strokeStyle = getComputedStyle(canvas).color;
    };
    let down = false;
    canvas.addEventListener("pointerdown", (event) => {
      if (canvas.width !== Math.round(canvas.clientWidth * (window.devicePixelRatio || 1))) fit();
      down = true;
      canvas.setPointerCapture(event.pointerId);
      pen.beginPath();
      pen.moveTo(event.offsetX, event.offsetY);
    });
    canvas.addEventListener("pointermove", (event) => {
      if (!down) return;
      pen.lineTo(event.offsetX, event.offsetY);
      pen.stroke();
    });
    canvas.addEventListener("pointerup", () => {
      down = false;
      field.value = canvas.toDataURL("image/png");
    });
    clear?.addEventListener("click", () => {
      pen.clearRect(0, 0, canvas.width, canvas.height);
      field.value = "";
    });
  }
}

class FileDrop extends HTMLElement {
  connectedCallback() {
    const box = this.querySelector(".drop");
    const input = this.querySelector("input");
    if (!box || !input) return;
    for (const name of ["dragenter", "dragover"]) {
      box.addEventListener(name, (event) => {
        event.preventDefault();
        box.classList.add("over");
      });
    }
    for (const name of ["dragleave", "drop"]) {
      box.addEventListener(name, () => box.classList.remove("over"));
    }
    box.addEventListener("drop", (event) => {
      event.preventDefault();
      const files = /** @type {DragEvent} */ (event).dataTransfer?.files;
      if (!files?.length) return;
      input.files = files;
      input.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }
}

customElements.define("sign-pad", SignPad);
customElements.define("file-drop", FileDrop);

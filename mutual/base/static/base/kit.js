// @ts-check
/* One entry for the signed-in shells; the public site loads exit.js alone. */
import "./forget.js";
import "./exit.js";
import "./theme.js";
import "./draft.js";
import "./live.js";
import "./lock.js";
import "./filter-table.js";
import "./week-move.js";
import "./dialog.js";
import "./keys.js";
import "./giving.js";
import "./sharing.js";

"""One self-contained page to look at: tables, drawings and pictures, light and dark, without scripts."""

import base64
from collections.abc import Sequence
from html import escape

from desktop_app.training.evaluation.canvas import DARK, LIGHT, Canvas
from desktop_app.training.evaluation.figures import MAX_AUC_MOVE, Row
from desktop_app.training.evaluation.hits import Hit
from desktop_app.training.evaluation.plots import interval_plot
from desktop_app.training.evaluation.report import Report, cell, framing_sentence, move_text, span

_CAPTIONS = {
    "roc": "What share of the manipulated is found at each share of genuine items that are flagged.",
    "reliability": "How often items of a stated probability were manipulated. On the diagonal it means what it says; "
    "the strokes are the error, the area of a dot is its share of the items.",
    "histogram": "Where the two classes lie. The solid line is the threshold of this report.",
    "confusion": "At the threshold of this report.",
    "classes": "Which kind the model named. Rows are the truth.",
}
_HIT_TITLES = {
    (False, True): "Genuine, called genuine",
    (False, False): "Genuine, called manipulated",
    (True, True): "Manipulated, called manipulated",
    (True, False): "Manipulated, called genuine",
}
_BAND_NAMES = {
    "strong_genuine": "strong for genuine",
    "moderate_genuine": "moderate for genuine",
    "inconclusive": "inconclusive",
    "moderate_fake": "moderate for manipulated",
    "strong_fake": "strong for manipulated",
    "none": "no score",
}

FEW = 10
"""Figures of parts with fewer items of either class are shown faintly."""

_STYLE = """
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);font:15px/1.5 system-ui,"Segoe UI",Roboto,sans-serif}
main{max-width:1120px;margin:0 auto;padding:40px 24px 72px}
h1{font-size:30px;line-height:1.2;margin:2px 0 6px;font-weight:650;letter-spacing:-.01em}
h2{font-size:19px;margin:44px 0 12px;font-weight:650}
p{margin:6px 0;max-width:78ch}.muted{color:var(--muted)}.over{color:var(--muted);font-size:13px}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(158px,1fr));gap:12px;margin:26px 0 8px}
.tile,.card{background:var(--paper);border:1px solid var(--grid);border-radius:10px}
.tile{padding:14px 16px}.tile b{display:block;font-size:27px;font-weight:650;line-height:1.25}
.tile span{font-size:13px;color:var(--muted);display:block}
.plots{display:grid;grid-template-columns:repeat(auto-fit,minmax(440px,1fr));gap:16px}
.card{padding:16px;margin:0}.card svg{max-width:100%;height:auto;display:block;margin:0 auto}
figcaption{font-size:13px;color:var(--muted);margin-top:10px}
.wide{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:14px}
th,td{text-align:right;padding:6px 9px;border-bottom:1px solid var(--grid)}
th{font-weight:550;color:var(--muted);font-size:12.5px}
td{font-variant-numeric:tabular-nums;white-space:nowrap}
th:first-child,td:first-child{text-align:left;white-space:normal}tr:last-child td{border-bottom:0}
td svg{display:block;margin-left:auto}.off{color:var(--fake);font-weight:650}
.thin{opacity:.5}
.hits{display:grid;grid-template-columns:repeat(auto-fill,minmax(240px,1fr));gap:12px}
.hits figure{margin:0}.hits img{width:100%;border-radius:8px;display:block}
h3{font-size:14px;margin:20px 0 8px;font-weight:600}
.bar{display:flex;height:10px;border-radius:5px;overflow:hidden;background:var(--grid);min-width:150px}
dl{display:grid;grid-template-columns:max-content 1fr;gap:4px 20px;font-size:14px;margin:0}
dt{color:var(--muted)}dd{margin:0;overflow-wrap:anywhere}
"""


def make_page(report: Report, drawn: dict[str, Canvas]) -> str:
    """The page as HTML.

    Args:
        report: The evaluation.
        drawn: Its plots by name.
    """
    title = f"Evaluation of {report.card.name}"
    parts = [
        _head(report),
        _plots(drawn),
        *_figures(report.rows),
        _classes(report),
        _robustness(report),
        _bands(report),
        _hits(report.hits),
        _unscored(report),
        _provenance(report),
    ]
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_colours()}{_STYLE}</style></head>"
        f"<body><main>{''.join(parts)}</main></body></html>\n"
    )


def _colours() -> str:
    def block(colours: dict[str, str], ground: str) -> str:
        return "".join(f"--{role}:{value};" for role, value in colours.items()) + f"--ground:{ground}"

    light, dark = block(LIGHT, "#f5f6f7"), block(DARK, "#191a1d")
    return f":root{{color-scheme:light dark;{light}}}@media(prefers-color-scheme:dark){{:root{{{dark}}}}}"


def _head(report: Report) -> str:
    sets = ", ".join(sorted({s.item.dataset for s in report.scores}))
    scored = len(report.scores) - len(report.unscored)
    text = (
        f'<p class="over">Evaluation</p><h1>{escape(report.card.name)}</h1>'
        f'<p class="muted">{escape(report.card.model_id)} on {escape(sets)}: {scored} of {len(report.scores)} items '
        f"scored.</p>"
    )
    if not report.rows:
        return text
    row = report.rows[0]
    s = row.scores
    tiles = [
        ("AUC", cell(s.auc), span(s.auc_low, s.auc_high)),
        (
            "equal error rate",
            cell(s.eer),
            f"{span(s.eer_low, s.eer_high)}; {s.n_genuine} genuine, {s.n_fake} manipulated",
        ),
        ("found at 1 % false alarms", cell(s.tpr_at_1), f"{cell(s.tpr_at_5)} at 5 %"),
        ("balanced accuracy", cell(s.balanced_accuracy), f"FPR {cell(s.fpr)}, FNR {cell(s.fnr)}"),
        ("calibration error", cell(s.ece_balanced), f"classes equally heavy; {cell(s.ece)} as they come"),
        ("genuine in the strongest band", cell(row.fpr_strong), f"Brier {cell(s.brier)}"),
    ]
    shown = "".join(
        f'<div class="tile"><span>{escape(name)}</span><b>{value}</b><span>{escape(more)}</span></div>'
        for name, value, more in tiles
    )
    return (
        f'{text}<div class="tiles">{shown}</div>'
        f'<p class="muted">Threshold {report.threshold.value:.4f}. {escape(report.threshold.source)}</p>'
    )


def _plots(drawn: dict[str, Canvas]) -> str:
    cards = "".join(
        f'<figure class="card">{canvas.svg()}<figcaption>{escape(_CAPTIONS[name])}</figcaption></figure>'
        for name, canvas in drawn.items()
    )
    return f'<h2>Curves</h2><div class="plots">{cards}</div>' if cards else ""


def html_table(head: Sequence[str], rows: Sequence[Sequence[str]], thin: Sequence[bool] = ()) -> str:
    """A table in a card; the cells are HTML, and rows that rest on little are faint."""
    top = "".join(f"<th>{escape(name)}</th>" for name in head)
    body = ""
    for row, is_thin in zip(rows, thin or [False] * len(rows), strict=True):
        mark = ' class="thin"' if is_thin else ""
        body += f"<tr{mark}>" + "".join(f"<td>{c}</td>" for c in row) + "</tr>"
    return f'<div class="card wide"><table><tr>{top}</tr>{body}</table></div>'


def _figures(rows: Sequence[Row]) -> list[str]:
    """A section per level and aspect."""
    main = [r for r in rows if r.aspect in ("all", "set") and r.level in ("track", "frame")]
    sections = []
    whole = [r for r in rows if r.aspect == "all"]
    if main:
        names = [f"{r.level}s" if r.aspect == "all" else f"{r.level}s of {r.name}" for r in [*whole[:1], *main]]
        sections.append(_section("By level", [*whole[:1], *main], names))
    for aspect in dict.fromkeys(r.aspect for r in rows if r.aspect != "all"):
        own = [r for r in rows if r.aspect == aspect and r not in main]
        sections.append(_section(f"By {aspect}", own, [r.name for r in own]))
    return sections


def _section(title: str, rows: Sequence[Row], names: Sequence[str]) -> str:
    head = ["", "genuine", "fake", "AUC, 95 %", "AUC", "EER", "TPR at 5 %", "balanced acc.", "FPR", "FNR",
            "FPR strong", "ECE bal."]  # fmt: skip
    body = []
    for r, name in zip(rows, names, strict=True):
        s = r.scores
        figures = (s.auc, s.eer, s.tpr_at_5, s.balanced_accuracy, s.fpr, s.fnr, r.fpr_strong, s.ece_balanced)
        drawn = interval_plot(s.auc_low, s.auc, s.auc_high).svg() if s.auc is not None else "-"
        body.append([escape(name), str(s.n_genuine), str(s.n_fake), drawn, *map(cell, figures)])
    thin = [min(r.scores.n_genuine, r.scores.n_fake) < FEW for r in rows]
    note = f"<p class=muted>Faint: fewer than {FEW} items of a class.</p>" if any(thin) else ""
    return f"<h2>{escape(title)}</h2>{html_table(head, body, thin)}{note}" if body else ""


def _classes(report: Report) -> str:
    if report.classes is None:
        return ""
    scores, unnamed = report.classes
    figures = (
        f"Accuracy {scores.accuracy:.3f}, balanced {scores.balanced_accuracy:.3f}. Macro F1 {scores.macro_f1:.3f}. "
        f"{unnamed} items are of a kind that the model does not name."
    )
    return f"<h2>Which kind it named</h2><p>{escape(figures)}</p>"


def _robustness(report: Report) -> str:
    if not report.robustness:
        return ""
    body = []
    for r in report.robustness:
        cells = []
        for i, (name, value, move) in enumerate(zip(report.variants, r.variants, r.moves, strict=True)):
            is_off = name.startswith("crop") and move is not None and abs(move) > MAX_AUC_MOVE
            text = "-" if move is None else f"{cell(value)} ({move_text(r, i)})"
            cells.append(f'<span class="off">{text}</span>' if is_off else text)
        body.append([escape(r.name), str(r.n_genuine), str(r.n_fake), cell(r.own), *cells])
    shown = html_table(["", "genuine", "fake", "own framing", *report.variants], body)
    return f"<h2>AUC under other framings</h2>{shown}<p class=muted>{escape(framing_sentence(report))}</p>"


def _bands(report: Report) -> str:
    totals = [max(1, sum(counts[i] for counts in report.bands.values())) for i in (0, 1)]
    body = []
    for band, counts in report.bands.items():
        bars = [
            f'<div class="bar"><div style="width:{100 * n / total:.1f}%;background:var(--{role})"></div></div>'
            for n, total, role in zip(counts, totals, ("genuine", "fake"), strict=True)
        ]
        body.append([escape(_BAND_NAMES[band]), str(counts[0]), bars[0], str(counts[1]), bars[1]])
    return f"<h2>Bands of the verdicts</h2>{html_table(['', 'genuine', '', 'manipulated', ''], body)}"


def _hits(hits: Sequence[Hit]) -> str:
    if not hits:
        return ""
    text = "<h2>Surest answers, right and wrong</h2><p class=muted>The face, and where the model looked (Grad-CAM).</p>"
    for (is_fake, is_right), title in _HIT_TITLES.items():
        own = [h for h in hits if (h.score.item.is_fake, h.is_right) == (is_fake, is_right)]
        if own:
            text += f'<h3>{title}</h3><div class="hits">{"".join(map(_hit, own))}</div>'
    return text


def _hit(hit: Hit) -> str:
    data = base64.b64encode(hit.path.read_bytes()).decode()
    caption = escape(hit.caption)
    return (
        f'<figure><img alt="{caption}" src="data:image/png;base64,{data}"><figcaption>{caption}</figcaption></figure>'
    )


def _unscored(report: Report) -> str:
    if not report.unscored:
        return ""
    rows = [[escape(s.item.path.name), escape(s.note)] for s in report.unscored[:50]]
    more = f"<p class=muted>{len(report.unscored) - 50} more are in items.csv.</p>" if len(report.unscored) > 50 else ""
    return f"<h2>Without a score: {len(report.unscored)}</h2>{html_table(['item', 'why'], rows)}{more}"


def _provenance(report: Report) -> str:
    facts = "".join(f"<dt>{escape(key)}</dt><dd>{escape(value)}</dd>" for key, value in report.facts)
    notes = "".join(f"<p class=muted>{escape(note)}</p>" for note in report.notes)
    return f'<h2>What it rests on</h2>{notes}<div class="card"><dl>{facts}</dl></div>'

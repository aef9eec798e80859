// How the HTML report looks: light, dark and on paper. Nothing is fetched.

export const reportStyle = `
:root{color-scheme:light dark;--page:#fff;--ink:#16202b;--dim:#5b6876;--line:#dfe5ea;--accent:#0b6e8f;--good:#12703f;--bad:#b3261e;--soft:#f4f7f9}
@media (prefers-color-scheme:dark){:root{--page:#10161c;--ink:#e7edf2;--dim:#93a1ae;--line:#27323c;--accent:#5cc0e0;--good:#5fd08f;--bad:#ff8a80;--soft:#161e26}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:1040px;padding:40px 32px 64px;background:var(--page);color:var(--ink);font:15px/1.5 system-ui,sans-serif;font-variant-numeric:tabular-nums}
h1{margin:0;font-size:26px;line-height:1.2}h2{margin:40px 0 10px;font-size:16px}
p{margin:6px 0;color:var(--dim)}
.label{display:inline-block;margin-bottom:14px;padding:3px 10px;border:1px solid var(--accent);border-radius:99px;color:var(--accent);font-size:12px;font-weight:600;letter-spacing:.04em}
.failed{padding:14px 16px;border:2px solid var(--bad);border-radius:8px;color:var(--bad);font-weight:600}
.key{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:12px;margin:24px 0}
.key div{padding:12px 14px;border-radius:8px;background:var(--soft)}.key span{display:block;color:var(--dim);font-size:12px}.key b{font-size:20px}
svg{display:block;width:100%;height:auto}svg text{fill:var(--dim);font-size:11px}.grid{stroke:var(--line)}.line{fill:none;stroke:var(--accent);stroke-width:1.6;stroke-linejoin:round}.area{fill:var(--accent);opacity:.1}.mark{stroke:var(--dim);stroke-dasharray:3 4}.drawdown .line{stroke:var(--bad)}.drawdown .area{fill:var(--bad)}
table{width:100%;border-collapse:collapse;font-size:13px}th{padding:6px 8px;border-bottom:1px solid var(--line);color:var(--dim);font-weight:500;text-align:left;vertical-align:bottom}td{padding:6px 8px;border-bottom:1px solid var(--line);vertical-align:top;overflow-wrap:anywhere}td:first-child{white-space:nowrap}
.n{text-align:right;white-space:nowrap}.dim{color:var(--dim)}.good{color:var(--good)}.bad{color:var(--bad)}
footer{margin-top:40px;color:var(--dim);font-size:12px}
@media print{:root{--page:#fff;--ink:#000;--dim:#444;--line:#ccc;--accent:#0b6e8f;--good:#12703f;--bad:#b3261e;--soft:#f4f7f9}body{max-width:none;padding:0;font-size:11px}table{font-size:10px}thead{display:table-header-group}tr,svg,.key div{break-inside:avoid}h2{break-after:avoid}.key div,.area{print-color-adjust:exact}}
`;

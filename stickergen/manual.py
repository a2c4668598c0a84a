"""What `--help` says of each command and option, in Chinese and in English."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stickergen.problem import Language

HELP: dict[Language, dict[str, str]] = {
    "zh": {
        "group": "把 YAML 内容做成可以付印的防骗贴纸和传单，以及二维码打开的完整警示页。",
        "lang": "界面语言。",
        "build": "制作一个活动的全部文件。\n\n"
        "CAMPAIGN 是活动文件、活动文件夹或活动代号；不写就做示范活动。",
        "output": "放到哪个文件夹；不写就是 output。",
        "expand": "每张纸都写成一页，从头到尾打印一遍即可。",
        "only": "只做贴纸或只做传单。",
        "press": "这一次改用哪种印刷方式（stickergen list presses 列出全部）。",
        "printer": "用校准过的打印机（见 stickergen calibrate）。",
        "skip": "第一张标签纸已经用掉几枚。",
        "serials": "一枚一号的贴纸只补印这些编号，如 12001-12480；"
        "不写 -o 就在 output 里另建文件夹。",
        "volume": "一枚一号的贴纸每个文件多少页；不写就是 200 页，一枚一页的纸 2000 页。",
        "jobs": "同时用几个进程；不写就按这台电脑的处理器来。",
        "dask": "用 Dask 集群来做：调度器的地址，如 tcp://10.0.0.5:8786。",
        "no_proof": "先不检查；付印之前要用 stickergen proof 检查。",
        "check": "只检查，不制作：活动文件、活动文件夹或单个内容文件。",
        "calibrate": "校准打印机：先打印校准页，再把四个读数记在打印机名下。",
        "calibrate_stock": "校准用的标签纸（stickergen list stocks 列出全部）。",
        "calibrate_output": "校准页写到哪个文件或文件夹。",
        "calibrate_printer": "给这台打印机起的名字，如 三楼。",
        "readings": "校准页上小尺 A、B、C、D 的读数，毫米；不写就一个一个问。",
        "proof": "检查印刷文件：一个 PDF，或整个输出文件夹。检查结果写成 proof.html。",
        "trace": "查贴纸上的编号：印过没有，是哪一类，发给了哪里。",
        "trace_from": "做好的贴纸在哪个文件夹；不写就是 output。",
        "site": "把完整警示页做成一个文件夹，放到网站上就能用。\n\n"
        "CAMPAIGN 是活动文件、活动文件夹或活动代号；不写就做示范活动。",
        "site_output": "放到哪个文件夹。",
        "serve": "在这台电脑上看警示页，改了内容页面自己刷新。按 Ctrl+C 结束。",
        "port": "用哪个端口。",
        "links": "印之前检查：贴纸上的每个网址是不是都打得开，打开的是不是该有的那一页。",
        "at": "改到这个地址去看同样的页面，如 http://127.0.0.1:8000 。",
        "scans": "从网站的访问日志里统计扫码：哪种贴纸、哪个投放点、哪一天。",
        "scans_campaign": "哪个活动：活动文件、活动文件夹或活动代号。",
        "draft": "从警方通报（Markdown 或纯文本文件）起草内容文件；人核对之前不能印。",
        "draft_output": "草稿放到哪个文件夹。",
        "list": "列出可以用的诈骗类型、模板、纸张、印刷方式或活动。",
        "json": "输出 JSON。",
        "new": "新建一个活动文件夹，带中文注释，改一改就能用。",
        "schema": "输出 JSON Schema，编辑器可以边写边检查。",
    },
    "en": {
        "group": "Turn YAML content into print-ready anti-fraud stickers and flyers, "
        "and the full warnings that their codes lead to.",
        "lang": "The language of messages.",
        "build": "Make all files of a campaign.\n\n"
        "CAMPAIGN is a campaign file, its folder or its id; "
        "without it the demonstration campaign is built.",
        "output": "The folder to write to (default: output).",
        "expand": "Write every sheet as a page of its own: print once from first to last.",
        "only": "Only the stickers, or only the flyers.",
        "press": "Print on this press instead of the campaign's (stickergen list presses).",
        "printer": "A calibrated printer's name (see stickergen calibrate).",
        "skip": "Labels already used on the first sheet.",
        "serials": "Of numbered stickers only these, printed again, such as 12001-12480; "
        "without -o into output/reprint-HS012001-012480.",
        "volume": "Pages of each file of numbered stickers: 200, or 2,000 where a page is one.",
        "jobs": "So many processes at once; by default as many as this computer has cores.",
        "dask": "Work on a Dask cluster: its scheduler's address, such as tcp://10.0.0.5:8786.",
        "no_proof": "Leave the proof for later: stickergen proof, before anything is printed.",
        "check": "Only look for problems: campaign files, folders or single content files.",
        "calibrate": "Calibrate a printer: print the sheet, then keep four readings by name.",
        "calibrate_stock": "The label stock to calibrate with (stickergen list stocks).",
        "calibrate_output": "The file or folder to write the calibration sheet to.",
        "calibrate_printer": "A name for the printer.",
        "readings": "What scales A, B, C and D read, in mm; asked for if left out.",
        "proof": "Check finished PDFs, or a whole output folder; the report is proof.html.",
        "trace": "What was printed under a number read off a sticker, and for whom.",
        "trace_from": "The folder of the delivery (default: output).",
        "site": "Make the full warnings: a folder of pages for any web server.\n\n"
        "CAMPAIGN is a campaign file, its folder or its id; "
        "without it the demonstration campaign is made.",
        "site_output": "The folder to write to.",
        "serve": "Look at the pages on this machine; they follow each change. Ctrl+C ends it.",
        "port": "The port to serve on.",
        "links": "Before printing: does every address that is printed open, on the right page?",
        "at": "Fetch the same pages from here instead, such as http://127.0.0.1:8000.",
        "scans": "Count scans in a web server's access logs: which sticker, where, on which day.",
        "scans_campaign": "The campaign: its file, its folder or its id.",
        "draft": "Draft content files from a police bulletin (Markdown, text), for review.",
        "draft_output": "The folder to write the drafts to.",
        "list": "List scam types, templates, stocks, presses or campaigns.",
        "json": "Print JSON.",
        "new": "Write a new campaign folder, commented in Chinese, ready to edit.",
        "schema": "Print the JSON Schema, so that editors complete and check while one types.",
    },
}

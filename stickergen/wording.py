"""The sentences of the terminal, in Chinese and in English, by name."""

from __future__ import annotations

from stickergen.problem import Language

WORDS: dict[Language, dict[str, str]] = {
    "zh": {
        "hint": "怎么办：",
        "problems": "共 {count} 处问题，什么都没有写。",
        "fine": "没有问题。",
        "drawing": "正在制作",
        "numbering": "正在制作一枚一号的贴纸",
        "proving": "正在检查",
        "report": "检查报告：{file}",
        "proof_passed": "检查通过：{files} 个文件，{warnings} 处提醒。",
        "proof_failed": "没有通过：{errors} 处错误，{warnings} 处提醒，不能付印。",
        "rejected": "什么都没有写。",
        "held": "补印的编号、类型、投放点和网址，与“{folder}”里的那一批一致。",
        "not_held": "没有找到原来的那一批，补印的没有和它核对："
        "它要在 output 里，或者在补印的上一层文件夹里。",
        "not_proved": "还没有检查。付印之前运行：stickergen proof {folder}",
        "file": "文件",
        "what": "内容",
        "pages": "页",
        "page": "第几页",
        "serial": "编号",
        "point": "投放点",
        "copies": "印几张",
        "pieces": "成品数",
        "folder": "全部文件在：{folder}",
        "look": "先看：{files}",
        "then": "页边写着“第1–27张”的，那一页就印 27 张；每页印几张见 ticket.pdf。"
        "打印时选“实际大小”（100%），不要缩放。",
        "then_listed": "每页印几张见 ticket.pdf；打印时选“实际大小”（100%），不要缩放。",
        "then_shop": "发给印刷厂：ticket.pdf（印刷工单）、proof.html（检查报告）和其余 PDF。",
        "slips_stay": "slips.pdf 是分隔页，不发，在办公室打印。",
        "then_numbered": "stickers 开头的文件每个从头到尾印一遍，不设份数；传单见 ticket.pdf。"
        "打印时选“实际大小”（100%），不要缩放。",
        "then_expanded": "每个文件从头到尾印一遍就是全部；打印时选“实际大小”（100%），不要缩放。",
        "sample": "样张！二维码还指向示范网址 {base}，不能投放。\n"
        "把活动文件里的 link.base 和 issuer.hosts 改成本单位的网址，再做一次。",
        "made": "新建好了：{folder}\n"
        '用记事本打开 {folder}/campaign.yaml，照着注释改。改完检查：stickergen check "{folder}"\n'
        '没有问题再制作：stickergen build "{folder}" -o "{folder}/output"\n'
        '付印以前，还要把码打开的网页放到网站上：stickergen site "{folder}" -o "{folder}/site"',
        "calibration_sheet": "校准页：{file}\n"
        "用标签纸 {stock} 按“实际大小”（100%）印一张，看页上的说明读出四个数，再运行：\n"
        "stickergen calibrate --stock {stock} --printer 打印机名",
        "readings_without_printer": "写了 --readings，还要写 --printer 打印机名。",
        "scale": "小尺 {letter} 的读数（毫米，如 0.5 或 -1）",
        "calibrated": "记下了：{printer}。往右 {x:+.2f} 毫米，往下 {y:+.2f} 毫米，"
        "缩放 {percent:.2f}%，转 {degrees:+.2f}°。\n"
        "以后制作时写：stickergen build … --printer {printer}",
        "fetching": "正在打开网址",
        "reading": "正在读日志",
        "published": "{pages} 页警示页，全部文件在：{folder}\n"
        "把里面的文件放到网站上，让 {base} 打开的就是这个文件夹。\n"
        "放好以后检查：stickergen links {campaign}",
        "left": "还有 {count} 页是以前的活动留下的，没有动：印出去的码还会打开它们。",
        "sample_site": "样张！网址还是示范网址 {base}，不能发布。\n"
        "把活动文件里的 link.base 和 issuer.hosts 改成本单位的网址，再做一次。",
        "serving": "用浏览器打开：{url}\n改了活动文件夹里的文件，页面自己刷新。按 Ctrl+C 结束。",
        "renewed": "已更新。",
        "not_renewed": "有问题，页面还是改之前的样子。",
        "address": "网址",
        "result": "结果",
        "seconds": "秒",
        "reached": "打得开",
        "not_reached": "打不开",
        "reached_all": "{count} 个网址全部打得开，页面都对。",
        "reached_not": "{count} 个网址里有 {bad} 个不行，先不要印。",
        "reached_at": "这是 {at} 上的页面；印出去的网址还没有检查。\n"
        "付印之前，不带 --at 再运行一次。",
        "rows_left": "…… 其余 {count} 个都打得开。",
        "counted": "{total} 次扫码，{first} 至 {last}。",
        "counted_none": "日志里没有这个活动的扫码。",
        "left_out": "日志共 {lines} 行，没有算的：{left}。",
        "unnamed": "有 {count} 次扫码，日志没有记下浏览器（user agent），可能混有程序的访问。",
        "overview": "总览",
        "scans": "扫码次数",
        "counted_files": "统计在：{files}",
        "kind": "类型",
        "rules": "铁律",
        "steps": "步骤",
        "giveaways": "露馅的话",
        "cases": "案例",
        "advice": "提醒",
        "missing": "还缺",
        "drafted": "草稿在：{folder}。逐条核对，补上缺的，改成自己的话，再删掉 review 这一行；"
        "核对之前不能印。",
        "skipped": "通报第 {lines} 行有规则或提醒，但看不出是哪一类，没有写进草稿。",
        "usage": "用法不对：",
        "usage_hint": "运行 {command} --help 看用法。",
        "id": "代号",
        "name": "名称",
        "details": "说明",
        "kind_sticker": "贴纸",
        "kind_flyer": "传单",
        "kind_sheet": "整张",
        "kind_one-up": "单枚",
        "kind_roll": "卷装",
        "ups": "每张 {ups} 枚",
        "prints": "印{what}",
        "and": "、",
        "standard_plain": "",
        "standard_pdf-x-1a": "PDF/X-1a:2003",
        "standard_pdf-x-4": "PDF/X-4",
    },
    "en": {
        "hint": "What to do: ",
        "problems": "{count} problem(s); nothing was written.",
        "fine": "No problems.",
        "drawing": "Drawing",
        "numbering": "Numbered stickers",
        "proving": "Proving",
        "report": "Report: {file}",
        "proof_passed": "Passed: {files} file(s), {warnings} warning(s).",
        "proof_failed": "Not passed: {errors} error(s), {warnings} warning(s); do not print.",
        "rejected": "Nothing was written.",
        "held": 'Numbers, types, points and addresses are those of the delivery in "{folder}".',
        "not_held": "The first delivery was not found, so nothing was compared: "
        "it should be in output, or above the folder of the reprint.",
        "not_proved": "Not proved yet. Before printing, type: stickergen proof {folder}",
        "file": "file",
        "what": "what",
        "pages": "pages",
        "page": "page",
        "serial": "number",
        "point": "delivery point",
        "copies": "sheets to print",
        "pieces": "pieces",
        "folder": "All files are in: {folder}",
        "look": "Look first at: {files}",
        "then": "A page that says 第1–27张 (sheets 1–27) is printed 27 times; see ticket.pdf. "
        'Print at "actual size" (100 %), without scaling.',
        "then_listed": "ticket.pdf says how often each page is printed. "
        'Print at "actual size" (100 %), without scaling.',
        "then_shop": "Send to the print shop: ticket.pdf (the order), proof.html (the report) "
        "and the other PDFs.",
        "slips_stay": "slips.pdf holds separating pages: keep it and print it in the office.",
        "then_numbered": "Print each stickers file once from the first page to the last; "
        'of flyers, ticket.pdf says how many. Print at "actual size" (100 %), without scaling.',
        "then_expanded": "Print each file once from the first page to the last, at "
        '"actual size" (100 %), without scaling.',
        "sample": "A SAMPLE! The codes still lead to the example address {base}: do not hand out.\n"
        "Put your own address into link.base and issuer.hosts of the campaign and build again.",
        "made": "Made: {folder}\n"
        "Open {folder}/campaign.yaml and edit it as its comments say; look for mistakes: "
        'stickergen check "{folder}"\n'
        'then build: stickergen build "{folder}" -o "{folder}/output"\n'
        "Before you print, put the pages behind the codes on your server: "
        'stickergen site "{folder}" -o "{folder}/site"',
        "calibration_sheet": "Calibration sheet: {file}\nPrint it once on stock {stock} at "
        '"actual size" (100 %), read the four scales as it says, then run:\n'
        "stickergen calibrate --stock {stock} --printer NAME",
        "readings_without_printer": "--readings needs --printer NAME.",
        "scale": "Scale {letter} reads (mm, such as 0.5 or -1)",
        "calibrated": "Kept: {printer}. {x:+.2f} mm to the right, {y:+.2f} mm down, scale "
        "{percent:.2f} %, turn {degrees:+.2f}°.\n"
        "From now on: stickergen build … --printer {printer}",
        "fetching": "Opening addresses",
        "reading": "Reading logs",
        "published": "{pages} pages of warnings; all files are in: {folder}\n"
        "Put them onto your web server so that {base} opens this folder; then run: "
        "stickergen links {campaign}",
        "left": "{count} pages of earlier campaigns stay as they were: printed codes lead to them.",
        "sample_site": "A SAMPLE! The address is still the example {base}: do not publish.\n"
        "Put your own address into link.base and issuer.hosts of the campaign and run it again.",
        "serving": "Open in a browser: {url}\n"
        "The pages follow each change in the campaign's folder. Ctrl+C ends it.",
        "renewed": "Renewed.",
        "not_renewed": "There are problems; the pages are as they were before.",
        "address": "address",
        "result": "result",
        "seconds": "s",
        "reached": "opens",
        "not_reached": "fails",
        "reached_all": "All {count} addresses open, each on its own page.",
        "reached_not": "{bad} of {count} addresses fail: do not print yet.",
        "reached_at": "These were the pages at {at}; the printed addresses have not been "
        "tried yet.\nBefore you print, run it again without --at.",
        "rows_left": "… the other {count} all open.",
        "counted": "{total} scans, {first} to {last}.",
        "counted_none": "There are no scans of this campaign in the logs.",
        "left_out": "{lines} lines in the logs; left out: {left}.",
        "unnamed": "Of {count} scans the logs tell no user agent: some may be programs'.",
        "overview": "overview",
        "scans": "scans",
        "counted_files": "Written: {files}",
        "kind": "type",
        "rules": "rules",
        "steps": "steps",
        "giveaways": "give-aways",
        "cases": "cases",
        "advice": "advice",
        "missing": "missing",
        "drafted": "The drafts are in: {folder}. Check each line, add what is missing, reword it, "
        "then delete the line review; until then they cannot be printed.",
        "skipped": "Lines {lines} of the bulletin hold rules or advice of no known type; "
        "they are in no draft.",
        "usage": "Wrong usage: ",
        "usage_hint": "{command} --help shows how.",
        "id": "id",
        "name": "name",
        "details": "details",
        "kind_sticker": "sticker",
        "kind_flyer": "flyer",
        "kind_sheet": "sheet",
        "kind_one-up": "one-up",
        "kind_roll": "roll",
        "ups": "{ups} a page",
        "prints": "prints {what}",
        "and": ", ",
        "standard_plain": "",
        "standard_pdf-x-1a": "PDF/X-1a:2003",
        "standard_pdf-x-4": "PDF/X-4",
    },
}

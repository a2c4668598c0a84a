"""Finishing: a drawn PDF becomes a deliverable one: title, dates, print settings, stable bytes.

Comes in: the PDF as drawn, a title, the campaign's date (no clock). Goes out: the PDF to deliver.
"""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pikepdf

PRODUCER = "stickergen"


def finish(drawn: bytes, title: str, day: date) -> bytes:
    """The PDF with its document information, asking viewers not to scale (ISO 32000-1, 12.2)."""
    stamp = f"D:{day:%Y%m%d}000000+08'00'"  # China Standard Time; the campaign knows no hour
    out = BytesIO()
    with pikepdf.open(BytesIO(drawn)) as pdf:
        for key in list(pdf.docinfo.keys()):
            del pdf.docinfo[key]
        for key, text in {
            "/Title": title,
            "/Creator": PRODUCER,
            "/Producer": PRODUCER,
            "/CreationDate": stamp,
            "/ModDate": stamp,
        }.items():
            pdf.docinfo[key] = pikepdf.String(text)
        pdf.docinfo["/Trapped"] = pikepdf.Name("/False")
        pdf.Root.ViewerPreferences = pikepdf.Dictionary(
            PrintScaling=pikepdf.Name("/None"), DisplayDocTitle=True
        )
        pdf.Root.Lang = pikepdf.String("zh-CN")
        for page in pdf.pages:
            if "/Trans" in page.obj:
                del page.obj["/Trans"]
        pdf.save(
            out,
            deterministic_id=True,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
            compress_streams=True,
        )
    return out.getvalue()

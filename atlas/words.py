"""The fixed words of the sheets in Chinese and English, by key."""

WORDS: dict[str, tuple[str, str]] = {
    "draft": ("征求意见稿", "DRAFT"),
    "formal": ("会审稿", "FOR APPROVAL"),
    "demo": ("演示数据 · 非测绘成果", "DEMONSTRATION DATA · NOT A SURVEY"),
    "internal": ("内部资料 注意保存", "INTERNAL"),
    "unreviewed": ("未经地图审核，不得公开", "Not reviewed: must not be published"),
    "review_number": ("审图号", "Map review no."),
    "scale": ("比例尺", "Scale"),
    "sheet_number": ("图号", "Sheet"),
    "page": ("页次", "Page"),
    "paper": ("图幅", "Paper"),
    "date": ("日期", "Date"),
    "edition": ("版本", "Edition"),
    "organisation": ("编制单位", "Prepared by"),
    "project": ("项目名称", "Project"),
    "sheet_name": ("图名", "Title"),
    "leader": ("项目负责人", "Leader"),
    "drawn_by": ("制图", "Drawn"),
    "checked_by": ("校对", "Checked"),
    "reviewed_by": ("审核", "Reviewed"),
    "approved_by": ("审定", "Approved"),
    "crs": ("坐标系", "CRS"),
    "height": ("高程基准", "Heights"),
    "height_datum": ("1985国家高程基准", "China 1985"),
    "signers": ("会签单位", "Body"),
    "signature": ("签字", "Signature"),
    "legend": ("图例", "Legend"),
    "legend_note": ("仅列本图所绘", "only what this sheet shows"),
    "notes": ("说明", "Notes"),
    "north": ("北", "N"),
    "location": ("区位与现状指标", "Location and key figures"),
    "routes": ("步行路线", "Walked routes"),
    "evidence": ("短板与证据", "Gaps and evidence"),
    "evidence_note": ("编号与图上标注一一对应，可点击", "numbers as on the map; click to jump"),
    "whole_estate": ("全小区", "whole estate"),
    "col_no": ("编号", "No."),
    "col_gap": ("短板", "Gap"),
    "col_value": ("现状值", "Found"),
    "col_threshold": ("控制值", "Required"),
    "col_basis": ("依据", "Basis"),
    "col_department": ("责任单位", "Responsible"),
    "present": ("现状图", "Present state"),
    "gaps": ("短板图", "Gaps"),
    "measures": ("改造方案图", "Measures"),
    "pipes_green": ("管线与绿地图", "Pipelines and green space"),
    "continued": ("（续）", " (continued)"),
    "buildings": ("楼栋一览", "Buildings"),
    "more_rows": ("另有 {} 行见数据附件", "{} more rows in the data"),
    "by_class": ("改造内容分类", "Works by class"),
    "plan_basis": ("由不达标项推得，供方案深化", "drawn from the gaps, to be detailed"),
    "works": ("改造内容一览", "Works"),
    "pipes": ("管线一览", "Pipelines"),
    "inside": ("红线内", "inside the boundary"),
    "green": ("绿化现状", "Green space"),
    "green_gaps": ("与管线、绿化有关的短板", "Gaps about pipes and green"),
    "no_gaps_here": ("无与管线、绿化有关的不达标项。", "None."),
    "summary_note": (
        "面积、户数、投资合计与实施方案所列总数对照；短板为不达标（不足、缺失）项数，资料不足另计。",
        "Totals stand beside the plan's; gaps are rules not met, unknowns are counted apart.",
    ),
    "town_estates": ("小区一览", "Estates"),
    "more_in_summary": ("另有 {} 个小区见汇总表", "{} more in the summary"),
    "chart_kinds": ("短板构成（按类型）", "Gaps by kind"),
    "chart_estates": ("各小区短板数", "Gaps by estate"),
    "unknowns_note": (
        "下列资料尚未掌握，相应指标不作判定；“资料不足”不等于合格。请提供单位填写承诺日期。",
        "Not yet surveyed: nothing is judged by it. Unknown does not mean compliant.",
    ),
    "unknowns_none": ("所有指标均有资料。", "Nothing is lacking."),
    "signoff_note": (
        "各单位对本册所列涉及本单位的短板、依据和改造内容进行会签。",
        "Each body signs for the gaps, the evidence and the works that concern it.",
    ),
    "internal_duty": (
        "内部资料，仅供方案审议，不作为测绘成果、产权或施工依据。|"
        "密级由本单位定密责任人确定，本册不代为定密；连续范围不超过25平方千米。|"
        "未经批准不得复制、公开或上传互联网。",
        "Internal: for review only; no survey product, no evidence of title, not for construction.|"
        "Classification is for the unit's responsible officer; ground covered stays below 25 km2.|"
        "Not to be copied, published or uploaded without permission.",
    ),
    "public_duty": (
        "本册用于社会公示，界线不作为权属依据；管线等敏感图层不予表示。|"
        "使用单位应具备相应测绘资质和资格，遵守保密规定，未经批准成果不得对外提供。|"
        "向社会公开的地图应依法审核并标注审图号。",
        "For public notice: boundaries are no evidence of title; pipelines are not shown.|"
        "Users answer for qualification, secrecy and use of the data.|"
        "Maps shown to the public must be reviewed and carry their review number.",
    ),
    "internal_book": ("会审图册", "review atlas"),
    "public_book": ("公示图册", "public atlas"),
    "extract": ("摘录本", "Extract"),
    "as_of": ("评估日期", "Assessed as of"),
    "data_version": ("数据指纹", "Data digest"),
    "book_version": ("规则库指纹", "Rulebook digest"),
    "no_gaps": ("经核对，本小区无不达标项。", "No rule fails on this estate."),
    "data_until": ("数据截至", "data until"),
    "unknown_short": ("资料不足", "unknown"),
    "note_crs": (
        "坐标系：{}；高程基准：1985国家高程基准。坐标单位：米。",
        "CRS: {}; heights: China 1985. Coordinates in metres.",
    ),
    "note_data": (
        "本页资料截至 {}，数据指纹 {}；评估日期 {}，规则库 {}。",
        "Data of this sheet until {}, digest {}; assessed as of {}, rulebook {}.",
    ),
    "note_walks": (
        "步行距离按路网量算，非直线距离；净距为平面计算值，未计入管线探测误差，开挖前须现场复核。",
        "Walks follow paths, not the crow; clearances are planar: verify on site before digging.",
    ),
    "note_outcomes": (
        "“资料不足”不等于合格；“对照”指条文针对新建工程，仅作参照，不判违规；"
        "“待核”指条文数值尚待查对原文。",
        "Unknown does not mean compliant. A yardstick clause is written for new buildings.",
    ),
    "note_demo": (
        "本册为演示数据，图形与指标均为虚构。",
        "All shapes and figures are invented for demonstration.",
    ),
    "use_public": ("界线不作为权属依据。", "Boundaries are no evidence of title."),
    "use_internal": (
        "仅供方案审议，不作为测绘成果、产权或施工依据；未经批准不得公开或上传互联网。",
        "For review only: no survey product, no evidence of title, not for construction.",
    ),
    "cover": ("封面", "Cover"),
    "contents": ("目录", "Contents"),
    "index_map": ("区位总图", "Location and index map"),
    "summary": ("小区汇总表", "Summary of estates"),
    "town": ("乡镇汇总", "Town summary"),
    "unknowns": ("资料不足清单", "Data still lacking"),
    "signoff": ("会签表", "Sign-off"),
}


def say(key: str, language: str) -> str:
    """Return the words for `key` in `language`, ``"zh"`` or ``"en"``."""
    zh, en = WORDS[key]
    return zh if language == "zh" else en


def titled(name: str, key: str, language: str) -> str:
    """Return the title of a sheet about `name`."""
    return name + ("" if language == "zh" else " · ") + say(key, language)

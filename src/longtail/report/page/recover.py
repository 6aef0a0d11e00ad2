"""A plan for recovery, and the check after it, each as one page that stands alone."""

from markupsafe import Markup

import longtail.report.recovery as told
import longtail.report.words as words
from longtail.diagnosis.recovery.records import Plan
from longtail.diagnosis.restoring.records import Check
from longtail.report.drawing import shares
from longtail.report.page.html import alone


def plan_html(plan: Plan, json: str) -> str:
    """Return a plan as one self-contained page.

    Args:
        plan: The plan.
        json: The same as JSON, which is embedded.
    """
    status, headline, sentence = told.headline(plan)
    cards = [(card, _bars(card) if card.bars else None) for card in told.cards(plan)]
    return alone(
        "recover_plan.html",
        json,
        plan=plan,
        of="recover plan",
        date=plan.created_at[:10],
        sheet="shares.css",
        record="plan",
        status=status,
        headline=headline,
        sentence=sentence,
        step=told.step(plan),
        cards=cards,
        aim=words.percent(plan.target),
        gone=told.listed([told.gone(each) for each in plan.unrecoverable.items]),
        wanted=told.listed([told.wanted(each) for each in plan.shopping]),
    )


def _bars(card: told.Card) -> Markup:
    return shares.shares(f"card-{card.order}", f"Rare items restored: {card.title}", card.bars)


def check_html(found: Check, json: str) -> str:
    """Return a check as one self-contained page.

    Args:
        found: The check.
        json: The same as JSON, which is embedded.
    """
    status, headline = told.outcome(found)
    bars = told.before_after(found)
    return alone(
        "recover_check.html",
        json,
        found=found,
        of="recover check",
        date=found.created_at[:10],
        sheet="shares.css",
        record="check",
        status=status,
        headline=headline,
        chart=shares.shares("before-after", "Kept of generation 1, before and after", bars) if bars else None,
        improvements=[told.checked(each)[:3] for each in found.improvements],
        rest=[told.checked(each) for each in found.rest],
        standing=[told.checked(each)[:3] + [("before", "after")[each.generation == 1]] for each in found.standing],
        regained=[told.regained(each) for each in found.regained],
    )

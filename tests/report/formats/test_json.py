import json

import msgspec
import pytest

from longtail.errors import InvalidRecord
from longtail.records import Report
from longtail.report import to_json

CONTRACT = (
    "schema_version longtail_version created_at command seed summary inputs phase guarantee estimates lineage findings not_measured passed "
    "regime timing"
)


def with_panels(report, **panels):
    return msgspec.structs.replace(report, panels=panels)


def test_the_order_is_that_of_the_contract_and_the_end_a_newline(report):
    written = to_json(report)
    assert list(json.loads(written))[:16] == CONTRACT.split()
    assert written.endswith("}\n")
    assert "\n  " in written


def test_it_is_read_back_as_the_same_report(report):
    assert msgspec.json.decode(to_json(report).encode(), type=Report) == report


def test_it_is_deterministic(report):
    assert to_json(report) == to_json(report)


@pytest.mark.parametrize("number", [float("nan"), float("inf"), -float("inf")])
def test_a_number_that_does_not_exist_is_refused_with_its_place(full, number):
    with pytest.raises(InvalidRecord, match=r"panels\.strata\.rows\[1\]\.mass_low is"):
        to_json(with_panels(full, strata={"rows": [{}, {"mass_low": number}]}))


def test_settings_and_lineage_are_looked_at_too(full, lineage):
    with pytest.raises(InvalidRecord, match=r"settings\.tau"):
        to_json(msgspec.structs.replace(full, settings={"tau": float("nan")}))
    endless = msgspec.structs.replace(lineage.lineage.trend[0], slope=float("nan"))
    with pytest.raises(InvalidRecord, match=r"lineage\.trend\[0\]\.slope"):
        to_json(msgspec.structs.replace(lineage, lineage=msgspec.structs.replace(lineage.lineage, trend=(endless,))))


def test_what_json_has_no_form_for_is_refused(full):
    with pytest.raises(InvalidRecord, match="no form for"):
        to_json(with_panels(full, read={"documents": object()}))


def test_a_path_that_is_not_utf8_can_be_written(full):
    broken = with_panels(full, read={"content": "caf\udce9 “é” 😀"})
    written = to_json(broken)
    assert "“é” 😀" in written.encode("utf-8").decode()
    assert json.loads(written)["panels"]["read"]["content"] == "caf\udce9 “é” 😀"

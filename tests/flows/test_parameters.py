"""What a schedule's parameters say is checked before anything is begun, and told clearly."""

import pytest

from flows.audit import _audit
from flows.steps import budget_of, grade_of
from tests.conftest import House
from wiazka.errors import ConfigError, UsageError
from wiazka.evidence import Grade


@pytest.mark.parametrize("text", ["", "much", "-1GiB", "8"])
def test_a_budget_that_is_none_is_a_matter_of_the_configuration(text: str) -> None:
    with pytest.raises(ConfigError, match="cannot be used"):
        budget_of(text)


def test_a_budget_of_money_that_could_end_nothing_is_refused(house: House) -> None:
    with pytest.raises(UsageError, match="no store has a price"):
        _audit(house.config, None, None, budget_of("€5"))


# A provider alone recomputes: an audit of that grade would prove sizes for ever.
@pytest.mark.parametrize("text", ["reed", "recomputed", "READ"])
def test_a_grade_that_no_audit_proves_is_refused(text: str) -> None:
    with pytest.raises(ConfigError, match="proves no grade") as refused:
        grade_of(text)
    assert "read, stored-digest" in refused.value.hint
    assert grade_of("read") is Grade.READ

"""How many rows each generation trains on."""

from longtail.errors import ConfigError

STEEPEST = 10
MOST_ROWS = 10**12
SHAPES = {"constant": 0.0, "linear": 1.0, "quadratic": 2.0}
USAGE = "constant, linear, quadratic, power:K, or list:N1,N2,… with a number for each generation"


def sizes(schedule: str, samples: int, generations: int) -> tuple[int, ...]:
    """Return the rows asked for in generation 1, 2, …: `samples` · t^K, or the numbers of a list.

    Raises:
        ConfigError: The schedule is unknown, a list has another length, or a size is below 1.
    """
    name, _, given = schedule.partition(":")
    if name == "list":
        found = _listed(schedule, given)
        if len(found) != generations:
            raise ConfigError(f"schedule {schedule!r} has {len(found)} sizes for {generations} generations; give one for each")
    elif name in SHAPES or name == "power":
        power = SHAPES[name] if name in SHAPES else _number(schedule, given)
        found = tuple(round(samples * generation**power) for generation in range(1, generations + 1))
    else:
        raise ConfigError(f"schedule {schedule!r} is not known; take {USAGE}")
    if min(found) < 1:
        raise ConfigError(f"schedule {schedule!r} asks for {min(found)} rows in one generation; ask for 1 or more")
    if max(found) > MOST_ROWS:
        raise ConfigError(f"{max(found):,} rows in one generation; take {MOST_ROWS:,} at most")
    return found


def _listed(schedule: str, given: str) -> tuple[int, ...]:
    try:
        return tuple(int(word) for word in given.split(","))
    except ValueError:
        raise ConfigError(f"schedule {schedule!r}: {given!r} is no list of whole numbers; write list:100,200,400") from None


def _number(schedule: str, given: str) -> float:
    try:
        power = float(given)
    except ValueError:
        raise ConfigError(f"schedule {schedule!r}: {given!r} is no number; write power:1.5") from None
    if not -STEEPEST <= power <= STEEPEST:
        raise ConfigError(f"schedule {schedule!r}: the power is {power:g}; take a number from -{STEEPEST} to {STEEPEST}")
    return power

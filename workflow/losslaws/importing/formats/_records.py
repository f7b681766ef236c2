"""Objects, as JSON has them, made into a record batch."""

from collections.abc import Mapping, Sequence

import pyarrow as pa

from losslaws.core.errors import LosslawsError


def as_batch(
    records: Sequence[Mapping[str, object]], places: Sequence[str], numbers: Sequence[str], texts: Sequence[str]
) -> pa.RecordBatch:
    """Return the columns `numbers` as float64 and `texts` as text; a key that is absent or null is null.

    Raises
    ------
    LosslawsError
        If a value of `numbers` is neither a number nor text that spells one; `places` say where.
    """
    columns: dict[str, pa.Array] = {}
    for name in numbers:
        values = [_number(record.get(name), name, places[index]) for index, record in enumerate(records)]
        columns[name] = pa.array(values, pa.float64())
    for name in texts:
        columns[name] = pa.array([_text(record.get(name)) for record in records], pa.string())
    return pa.RecordBatch.from_pydict(columns)


def _number(value: object, name: str, place: str) -> float | None:
    if value is None:
        return None
    if isinstance(value, int | float | str) and not isinstance(value, bool):
        try:
            return float(value)
        except (ValueError, OverflowError):
            pass
    shown = repr(value)
    shown = shown if len(shown) <= 40 else f"{shown[:37]}..."
    raise LosslawsError(f"{place}: {shown} in column {name!r} is not a number")


def _text(value: object) -> str | None:
    if value is None:
        return None
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)

using Gateway.Limits.Model;

namespace Gateway.Limits.Counting.Compact;

/// <summary>A row of <see cref="CompactTable{TRow}"/>.</summary>
public interface ICompactRow
{
    /// <summary>The counter; null for an empty row.</summary>
    CounterKey? Key { get; }
}

using System.Collections.Immutable;

namespace Gateway.Limits.Model;

/// <summary>
/// The recent admissions of a sliding limit: numbers by deadline, ascending, one entry per deadline. Immutable.
/// </summary>
/// <remarks>
/// Entries of several owners with the same deadline are merged. Entries are only ever summed, and an owner tracks its
/// own part itself.
/// </remarks>
public sealed class SlidingEntries : IEquatable<SlidingEntries>
{
    /// <summary>More than any limit has: deadlines are rounded, so that about 1,100 fit into any length.</summary>
    public const int CountMax = 4096;

    private SlidingEntries(ImmutableArray<SlidingEntry> all)
    {
        All = all;
        foreach (var entry in all) Total += entry.Count;
    }

    /// <summary>No entries.</summary>
    public static SlidingEntries Empty { get; } = new([]);

    /// <summary>The entries.</summary>
    public ImmutableArray<SlidingEntry> All { get; }

    /// <summary>The sum of all entries, in 10^-9 units.</summary>
    public Int128 Total { get; }

    /// <summary>True if there is no entry.</summary>
    public bool IsEmpty => All.IsEmpty;

    /// <summary>Returns the entries without those whose deadline was before this moment.</summary>
    public SlidingEntries From(long firstMs)
    {
        var at = 0;
        while (at < All.Length && All[at].DeadlineMs < firstMs) at++;
        return at == 0 ? this : at == All.Length ? Empty : new SlidingEntries(All[at..]);
    }

    /// <summary>Returns the entries with this many more numbers of this deadline.</summary>
    public SlidingEntries With(long deadlineMs, Int128 count)
    {
        if (count <= 0) return this;
        var at = All.Length;
        while (at > 0 && All[at - 1].DeadlineMs >= deadlineMs) at--;
        var isThere = at < All.Length && All[at].DeadlineMs == deadlineMs;
        return new SlidingEntries(isThere
            ? All.SetItem(at, new SlidingEntry(deadlineMs, All[at].Count + count))
            : All.Insert(at, new SlidingEntry(deadlineMs, count)));
    }

    /// <summary>Returns the sum of these entries and others.</summary>
    public SlidingEntries With(SlidingEntries others)
    {
        ArgumentNullException.ThrowIfNull(others);
        var sum = IsEmpty ? others : this;
        if (!IsEmpty) foreach (var (deadlineMs, count) in others.All) sum = sum.With(deadlineMs, count);
        return sum;
    }

    /// <summary>Returns the entries without these numbers; null if some of them are not present.</summary>
    public SlidingEntries? Without(SlidingEntries others)
    {
        ArgumentNullException.ThrowIfNull(others);
        if (others.IsEmpty) return this;
        var left = ImmutableArray.CreateBuilder<SlidingEntry>(All.Length);
        var at = 0;
        foreach (var entry in All)
        {
            var count = entry.Count;
            var isNamed = at < others.All.Length && others.All[at].DeadlineMs == entry.DeadlineMs;
            if (isNamed) count -= others.All[at++].Count;
            if (count < 0) return null;
            if (count > 0) left.Add(entry with { Count = count });
        }

        return at < others.All.Length ? null : new SlidingEntries(left.DrainToImmutable());
    }

    /// <summary>
    /// Returns the first deadline that has to expire, with all before it, until at most this much is left; null if no
    /// more than this is present now.
    /// </summary>
    public long? DeadlineToPass(Int128 most)
    {
        var left = Total;
        if (left <= most) return null;
        foreach (var (deadlineMs, count) in All)
        {
            left -= count;
            if (left <= most) return deadlineMs;
        }

        return All[^1].DeadlineMs;
    }

    /// <summary>Encodes the entries for a store.</summary>
    public byte[] ToBytes() => SlidingBytes.Write(All);

    /// <summary>Decodes the result of <see cref="ToBytes"/>; null if this version does not write such bytes.</summary>
    public static SlidingEntries? FromBytes(ReadOnlySpan<byte> bytes) =>
        SlidingBytes.TryRead(bytes, out var all) ? new SlidingEntries(all) : null;

    /// <inheritdoc/>
    public bool Equals(SlidingEntries? other) => other is not null && All.AsSpan().SequenceEqual(other.All.AsSpan());

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as SlidingEntries);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(All.Length, Total);
}

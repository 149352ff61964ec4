using System.Collections.Immutable;
using Gateway.Limits.Counting.Compact;
using Gateway.Limits.Model;

namespace Gateway.Limits.Windows.Fixed;

/// <summary>
/// The numbers of one window that an owner may still give out: disjoint intervals, ascending, never touching. The usual
/// single interval lives in the counter; fragments come from releases and are used up first, lowest number first.
/// </summary>
internal readonly ref struct UnissuedRanges(FixedWindowState counter)
{
    /// <summary>True if there is nothing to give out.</summary>
    public bool IsEmpty => First.Length == 0;

    /// <summary>Number of intervals.</summary>
    public int Count => IsEmpty ? 0 : 1 + (Rest?.Count ?? 0);

    /// <summary>The sum of all numbers, in 10^-9 units.</summary>
    public Int128 Total => TotalBelow(Int128.MaxValue);

    /// <summary>The highest contiguous run; empty if there is none.</summary>
    public NumberRange Highest => Rest is { Count: > 0 } rest ? rest[^1] : First;

    /// <summary>The lowest contiguous run; empty if there is none.</summary>
    private NumberRange First
    {
        get => counter.LowestRun.Value;
        set => counter.LowestRun = new PackedRun(value);
    }

    /// <summary>The runs above the lowest; null if there are none.</summary>
    private List<NumberRange>? Rest
    {
        get => counter.ActiveState?.Fragments;
        set
        {
            if (value is not null) counter.EnsureActiveState().Fragments = value;
            else if (counter.ActiveState is { } activeState) activeState.Fragments = null;
        }
    }

    /// <summary>Returns the sum of the numbers below <paramref name="max"/>, in 10^-9 units.</summary>
    public Int128 TotalBelow(Int128 max)
    {
        var total = Clip(First, max).Length;
        if (Rest is null) return total;
        foreach (var numberRange in Rest) total += Clip(numberRange, max).Length;
        return total;
    }

    /// <summary>Returns true if there are at least this many numbers below <paramref name="max"/>.</summary>
    public bool Has(Int128 cost, Int128 max) =>
        (First.Length >= cost && First.Low + cost <= max) || TotalBelow(max) >= cost;

    /// <summary>Returns every interval, ascending.</summary>
    public ImmutableArray<NumberRange> ToImmutableArray() =>
        IsEmpty ? [] : Rest is null ? [First] : [First, .. Rest];

    public void Clear()
    {
        First = default;
        Rest = null;
    }

    public void DropHighest()
    {
        if (Rest is null)
        {
            First = default;
            return;
        }

        Rest.RemoveAt(Rest.Count - 1);
        if (Rest.Count == 0) Rest = null;
    }

    /// <summary>
    /// Adds numbers. False, with nothing added, if they would make more than <paramref name="intervalsMax"/> intervals;
    /// the numbers are then lost.
    /// </summary>
    /// <exception cref="InvalidOperationException">
    /// A number is in hand already: a fault in the protocol, never tolerated.
    /// </exception>
    public bool Add(NumberRange added, int intervalsMax)
    {
        if (added.Length <= 0) return true;
        if (IsEmpty)
        {
            First = added;
            return true;
        }

        if (Rest is null && added.Low == First.High)
        {
            First = new NumberRange(First.Low, added.High);
            return true;
        }

        // Numbers that were given out last and come back at once: the usual case for a call that another of its limits
        // refuses.
        if (added.High == First.Low)
        {
            First = new NumberRange(added.Low, First.High);
            return true;
        }

        return AddAmong(added, intervalsMax);
    }

    /// <summary>
    /// Takes exactly <paramref name="cost"/> numbers below <paramref name="max"/>, lowest first. The caller has checked
    /// that there are enough. <paramref name="more"/> is set only if one interval did not suffice.
    /// </summary>
    public NumberRange Take(Int128 cost, Int128 max, out ImmutableArray<NumberRange> more)
    {
        more = default;
        if (First.Length > cost || (First.Length == cost && Rest is null))
        {
            var only = new NumberRange(First.Low, First.Low + cost);
            First = new NumberRange(only.High, First.High);
            if (First.Length == 0) Clear();
            return only;
        }

        var taken = ImmutableArray.CreateBuilder<NumberRange>();
        while (cost > 0)
        {
            var part = Clip(First, max);
            if (part.Length <= 0) throw new InvalidOperationException("More numbers were requested than are in hand.");
            if (part.Length > cost) part = new NumberRange(part.Low, part.Low + cost);
            taken.Add(part);
            cost -= part.Length;
            DropLowest(part.High);
        }

        more = taken.DrainToImmutable();
        return more[0];
    }

    private void DropLowest(Int128 upTo)
    {
        First = new NumberRange(upTo, First.High);
        if (First.Length > 0 || Rest is null) return;
        First = Rest[0];
        Rest.RemoveAt(0);
        if (Rest.Count == 0) Rest = null;
    }

    private bool AddAmong(NumberRange added, int intervalsMax)
    {
        List<NumberRange> all = Rest is null ? [First] : [First, .. Rest];
        var at = 0;
        while (at < all.Count && all[at].High < added.Low) at++;
        var merged = added;
        var end = at;
        while (end < all.Count && all[end].Low <= added.High)
        {
            var isTouching = all[end].High == added.Low || all[end].Low == added.High;
            if (!isTouching) throw new InvalidOperationException($"The numbers {added} are in hand already.");
            merged = new NumberRange(Int128.Min(merged.Low, all[end].Low), Int128.Max(merged.High, all[end].High));
            end++;
        }

        if (at == end && all.Count >= intervalsMax) return false;
        all.RemoveRange(at, end - at);
        all.Insert(at, merged);
        First = all[0];
        all.RemoveAt(0);
        Rest = all.Count == 0 ? null : all;
        return true;
    }

    private static NumberRange Clip(NumberRange numberRange, Int128 max) =>
        numberRange.High <= max ? numberRange
        : numberRange.Low < max ? new NumberRange(numberRange.Low, max)
        : default;
}

using Gateway.EnvoyRls.Protocol;
using Gateway.EnvoyRls.Rules;
using Gateway.Limits.Model;

namespace Gateway.EnvoyRls.Deciding;

/// <summary>One descriptor of a request, with its result. Owned by the decision on the request.</summary>
internal sealed class CountedDescriptor
{
    /// <summary>The first number of units that exceeds every amount.</summary>
    private const long UnitsMax = 1_000_000_000_000_000_000;

    /// <summary>The limit that counts the descriptor; null if none does.</summary>
    public RlsMatch? Match { get; init; }

    /// <summary>The descriptor's counter; null if it is not counted.</summary>
    public CounterKey? Key { get; init; }

    /// <summary>True if its rule declares it unlimited.</summary>
    public bool IsUnlimited { get; init; }

    /// <summary>Number of hits to count or return; 0 only queries.</summary>
    public ulong Hits { get; init; }

    /// <summary>True if the hits are returned.</summary>
    public bool IsReturn { get; init; }

    /// <summary>True if its counter has no room for it.</summary>
    public bool IsOver { get; set; }

    public Amount Remaining { get; set; }

    public long ResetAtMs { get; set; }

    public RlsLimit Limit => Match!.Limit;

    public bool IsProbe => Key is not null && !IsReturn && Hits == 0;

    public bool IsCharge => Key is not null && !IsReturn && Hits > 0;

    /// <summary>True if the whole request is refused when this descriptor is.</summary>
    public bool IsEnforced => Key is not null && !Limit.IsShadow && !Limit.IsQuota;

    /// <summary>The cost; more than any window can hold becomes the maximum amount, which is refused.</summary>
    public LimitCost Cost => Costing(Hits > long.MaxValue ? long.MaxValue : (long)Hits);

    /// <summary>The cost of one hit, to query whether one would be admitted.</summary>
    public LimitCost OneHit => Costing(1);

    /// <summary>Converts to the form of the response.</summary>
    public RateLimitResponse.Types.DescriptorStatus ToStatus(long nowMs)
    {
        var status = new RateLimitResponse.Types.DescriptorStatus { Code = RateLimitResponse.Types.Code.Ok };
        if (Key is null)
        {
            status.LimitRemaining = IsUnlimited ? uint.MaxValue : 0;
            return status;
        }

        if (IsOver && !Limit.IsShadow)
            status.Code = RateLimitResponse.Types.Code.OverLimit;
        status.CurrentLimit = Limit.Shown;
        status.LimitRemaining = (uint)Int128.Min(Remaining.Nano / Amount.One.Nano, uint.MaxValue);
        // Whole seconds, in the form that proxies send to clients; rounded up, so that a client that waits is never too
        // early.
        status.DurationUntilReset = new() { Seconds = Math.Max(0, (ResetAtMs - nowMs + 999) / 1000) };
        return status;
    }

    private LimitCost Costing(long hits) => new(
        Key!, Limit.Max, hits < UnitsMax ? Amount.FromUnits(hits) : Amount.Most, Limit.AllowsNegativeHits)
    {
        Raises = Limit.Raises,
    };
}

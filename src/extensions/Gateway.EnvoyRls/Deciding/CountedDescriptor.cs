using Gateway.EnvoyRls.Protocol;
using Gateway.EnvoyRls.Rules;
using Gateway.Limits.Model;

namespace Gateway.EnvoyRls.Deciding;

/// <summary>One descriptor of a request, and what became of it. Owned by the request's decision.</summary>
internal sealed class CountedDescriptor
{
    /// <summary>The first number of units that no amount holds.</summary>
    private const long UnitsMax = 1_000_000_000_000_000_000;

    /// <summary>What it is counted by; null where nothing counts it.</summary>
    public RlsMatch? Match { get; init; }

    /// <summary>The counter; null where nothing counts it.</summary>
    public CounterKey? Key { get; init; }

    /// <summary>Whether it has no limit by its rule's own word.</summary>
    public bool IsUnlimited { get; init; }

    /// <summary>How much it counts, or gives back; 0 only asks.</summary>
    public ulong Hits { get; init; }

    /// <summary>Whether it gives back.</summary>
    public bool IsReturn { get; init; }

    /// <summary>Whether its counter has no room for it.</summary>
    public bool IsOver { get; set; }

    public Amount Remaining { get; set; }

    public long ResetAtMs { get; set; }

    public RlsLimit Limit => Match!.Limit;

    public bool IsProbe => Key is not null && !IsReturn && Hits == 0;

    public bool IsCharge => Key is not null && !IsReturn && Hits > 0;

    /// <summary>Whether the request is refused where this one is.</summary>
    public bool IsEnforced => Key is not null && !Limit.IsShadow && !Limit.IsQuota;

    /// <summary>More than any window can hold is as good as the most there is: it is refused.</summary>
    public LimitCost Cost => Costing(Hits > long.MaxValue ? long.MaxValue : (long)Hits);

    /// <summary>What one hit would cost: the question of a probe.</summary>
    public LimitCost OneHit => Costing(1);

    /// <summary>As the answer says it.</summary>
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
        // Whole seconds, as a proxy tells its client; rounded up, so that who waits for them is never early.
        status.DurationUntilReset = new() { Seconds = Math.Max(0, (ResetAtMs - nowMs + 999) / 1000) };
        return status;
    }

    private LimitCost Costing(long hits) => new(
        Key!, Limit.Max, hits < UnitsMax ? Amount.FromUnits(hits) : Amount.Most, Limit.AllowsNegativeHits);
}

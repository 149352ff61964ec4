using Gateway.EnvoyRls.Protocol;
using Gateway.Limits.Model;
using Gateway.Policy.Budgets;
using Google.Protobuf.WellKnownTypes;

namespace Gateway.EnvoyRls.Rules;

/// <summary>The <c>rate_limit</c> of a descriptor, with what stands beside it.</summary>
internal sealed record RlsLimit
{
    /// <summary>As answers carry it.</summary>
    public required RateLimitResponse.Types.RateLimit Shown { get; init; }

    /// <summary>The period; of an unlimited one it says nothing.</summary>
    public Window Window { get; init; }

    public bool IsUnlimited { get; init; }

    /// <summary>It is counted and refuses nothing.</summary>
    public bool IsShadow { get; init; }

    /// <summary>It refuses only where all such limits of a request would.</summary>
    public bool IsQuota { get; init; }

    /// <summary>Whether a caller may give hits back.</summary>
    public bool AllowsNegativeHits { get; init; }

    /// <summary>Names of limits that do not count where this one does.</summary>
    public IReadOnlyList<string> Replaces { get; init; } = [];

    /// <summary>For the answer to a request that it lets through; null for none.</summary>
    public Struct? Metadata { get; init; }

    /// <summary>
    /// The budget of the gateway's configuration that is charged in place of a counter of its own; null for none.
    /// </summary>
    public string? Budget { get; init; }

    /// <summary>The most that a window admits.</summary>
    public Amount Max { get => field == default ? Amount.FromUnits(Shown.RequestsPerUnit) : field; private init; }

    /// <summary>The same with the numbers of its budget.</summary>
    public RlsLimit Of(Budget budget) => this with
    {
        Shown = new()
        {
            RequestsPerUnit = (uint)Int128.Min(budget.Max.Nano / Amount.One.Nano, uint.MaxValue),
            Name = Shown.Name,
        },
        Window = budget.Window,
        Max = budget.Max,
    };
}

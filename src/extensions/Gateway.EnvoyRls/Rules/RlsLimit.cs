using System.Collections.Immutable;
using Gateway.EnvoyRls.Protocol;
using Gateway.Limits.Model;
using Gateway.Policy.Budgets;
using Google.Protobuf.WellKnownTypes;

namespace Gateway.EnvoyRls.Rules;

/// <summary>The <c>rate_limit</c> of a descriptor, with the members beside it.</summary>
internal sealed record RlsLimit
{
    /// <summary>The limit in the form of responses.</summary>
    public required RateLimitResponse.Types.RateLimit Shown { get; init; }

    /// <summary>The period; meaningless for an unlimited descriptor.</summary>
    public Window Window { get; init; }

    public bool IsUnlimited { get; init; }

    /// <summary>True if the limit is counted but refuses nothing.</summary>
    public bool IsShadow { get; init; }

    /// <summary>True if it refuses only when all such limits of a request would.</summary>
    public bool IsQuota { get; init; }

    /// <summary>True if a caller may return hits.</summary>
    public bool AllowsNegativeHits { get; init; }

    /// <summary>Names of limits that do not count when this one does.</summary>
    public IReadOnlyList<string> Replaces { get; init; } = [];

    /// <summary>Metadata for the response to an admitted request; null for none.</summary>
    public Struct? Metadata { get; init; }

    /// <summary>
    /// The budget of the gateway's configuration to charge instead of a separate counter; null for none.
    /// </summary>
    public string? Budget { get; init; }

    /// <summary>The maximum of one window.</summary>
    public Amount Max { get => field == default ? Amount.FromUnits(Shown.RequestsPerUnit) : field; private init; }

    /// <summary>The top-ups of the budget.</summary>
    public ImmutableArray<MaxRaise> Raises { get; private init; } = [];

    /// <summary>Returns this limit with the window of its budget, and the maximum at this time to show.</summary>
    public RlsLimit Of(Budget budget, long nowMs) => this with
    {
        Shown = new()
        {
            RequestsPerUnit = (uint)Int128.Min(budget.MaxAt(nowMs).Nano / Amount.One.Nano, uint.MaxValue),
            Name = Shown.Name,
        },
        Window = budget.Window,
        Max = budget.Max,
        Raises = budget.Raises,
    };
}

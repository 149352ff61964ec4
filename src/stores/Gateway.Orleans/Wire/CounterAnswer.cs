using Gateway.Limits.Model;

namespace Gateway.Orleans.Wire;

/// <summary>The numbers that a counter granted, or the reason for a refusal.</summary>
[GenerateSerializer]
[Immutable]
[Alias("gateway.counter-answer")]
public readonly record struct CounterAnswer
{
    /// <summary>The kind of reply.</summary>
    [Id(0)]
    public CounterAnswerKind Kind { get; init; }

    /// <summary>
    /// Start of the window that replied, Unix milliseconds UTC. For a sliding limit, the owner's clock at the
    /// reservation; if refused, the start of the interval at whose end there is room.
    /// </summary>
    [Id(1)]
    public long WindowStartMs { get; init; }

    /// <summary>The charge of the window in 10^-9 units, including this call if it was granted.</summary>
    [Id(2)]
    public Int128 UsedNano { get; init; }

    /// <summary>
    /// The first granted number. Like the last one, it is 0 for a sliding limit, which does not number its grants.
    /// </summary>
    [Id(3)]
    public Int128 Low { get; init; }

    /// <summary>One past the last number of the first interval.</summary>
    [Id(4)]
    public Int128 High { get; init; }

    /// <summary>Further intervals, low and high alternating; null if one interval was enough.</summary>
    [Id(5)]
    public Int128[]? More { get; init; }

    /// <summary>Reason for a refusal.</summary>
    [Id(6)]
    public RefusalKind Refusal { get; init; }

    /// <summary>True if nothing of this window can be returned.</summary>
    [Id(7)]
    public bool IsFinal { get; init; }

    /// <summary>
    /// End of the window if its start does not determine it (in a time zone); otherwise 0, as from a silo of a release
    /// without such windows.
    /// </summary>
    [Id(8)]
    public long WindowEndMs { get; init; }
}

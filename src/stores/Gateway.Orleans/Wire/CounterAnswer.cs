using Gateway.Limits.Model;

namespace Gateway.Orleans.Wire;

/// <summary>Numbers, or why there are none.</summary>
[GenerateSerializer]
[Immutable]
[Alias("gateway.counter-answer")]
public readonly record struct CounterAnswer
{
    /// <summary>Which of the answers.</summary>
    [Id(0)]
    public CounterAnswerKind Kind { get; init; }

    /// <summary>
    /// The window that answered: its start, Unix milliseconds UTC. Of a sliding limit, the owner's clock when it
    /// reserved; refused, the start of the interval at whose end there is room.
    /// </summary>
    [Id(1)]
    public long WindowStartMs { get; init; }

    /// <summary>What is charged in it, this call included if it was granted, in 10^-9 units.</summary>
    [Id(2)]
    public Int128 UsedNano { get; init; }

    /// <summary>The first number that was granted; 0, as the last, of a sliding limit, which numbers nothing.</summary>
    [Id(3)]
    public Int128 Low { get; init; }

    /// <summary>One past the last number of the first interval.</summary>
    [Id(4)]
    public Int128 High { get; init; }

    /// <summary>Further intervals, low and high in turn; null where one did.</summary>
    [Id(5)]
    public Int128[]? More { get; init; }

    /// <summary>Why it was refused.</summary>
    [Id(6)]
    public RefusalKind Refusal { get; init; }

    /// <summary>True if nothing of this window can come back.</summary>
    [Id(7)]
    public bool IsFinal { get; init; }

    /// <summary>
    /// When the window ends, where its start alone does not say it (in a time zone); else 0, as from a silo of a
    /// release that has no such windows.
    /// </summary>
    [Id(8)]
    public long WindowEndMs { get; init; }
}

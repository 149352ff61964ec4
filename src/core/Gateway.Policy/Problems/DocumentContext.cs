using Gateway.Policy.Lists;

namespace Gateway.Policy.Problems;

/// <summary>The context that every reader of a part of the document needs.</summary>
public sealed record DocumentContext(ProblemSink Problems)
{
    /// <summary>The root of paths in this part.</summary>
    public string PathRoot { get; init; } = "args";

    /// <summary>True if numbers in calls are parsed as exact decimals, so that none is refused as inexact.</summary>
    public bool ReadsDecimals { get; init; }

    /// <summary>The lists that conditions may use.</summary>
    public NamedLists Lists { get; init; } = NamedLists.Unknown;
}

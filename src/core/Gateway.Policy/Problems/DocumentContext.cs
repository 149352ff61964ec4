using Gateway.Policy.Lists;

namespace Gateway.Policy.Problems;

/// <summary>What every reader of a part of the document needs.</summary>
public sealed record DocumentContext(ProblemSink Problems)
{
    /// <summary>What paths begin with here.</summary>
    public string PathRoot { get; init; } = "args";

    /// <summary>Whether numbers of calls are exact decimals here, so that none is refused as inexact.</summary>
    public bool ReadsDecimals { get; init; }

    /// <summary>The lists that conditions may name.</summary>
    public NamedLists Lists { get; init; } = NamedLists.Unknown;
}

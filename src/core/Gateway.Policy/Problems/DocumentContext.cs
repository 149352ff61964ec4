using Gateway.Policy.Lists;

namespace Gateway.Policy.Problems;

/// <summary>What every reader of a part of the document needs.</summary>
public sealed record DocumentContext(ProblemSink Problems)
{
    /// <summary>What paths begin with here.</summary>
    public string PathRoot { get; init; } = "args";

    /// <summary>The lists that conditions may name.</summary>
    public NamedLists Lists { get; init; } = NamedLists.Unknown;
}

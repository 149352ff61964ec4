using Gateway.Policy.Lists;

namespace Gateway.Policy.Problems;

/// <summary>What every reader of a part of the document needs.</summary>
public sealed record DocumentContext(ProblemSink Problems, PolicyFeature Features)
{
    /// <summary>What paths begin with here.</summary>
    public string PathRoot { get; init; } = "args";

    /// <summary>The lists that conditions may name.</summary>
    public NamedLists Lists { get; init; } = NamedLists.Unknown;

    /// <summary>Whether the release has the feature; where not, says so at the place that asked for it.</summary>
    public bool Supports(PolicyFeature feature, int offset, string pointer, string written)
    {
        if ((Features & feature) != 0)
            return true;
        Problems.Error(offset, pointer, $"\"{written}\" is not supported by this release");
        return false;
    }
}

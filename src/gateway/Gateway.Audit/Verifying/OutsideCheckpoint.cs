using Gateway.Audit.Evidence;

namespace Gateway.Audit.Verifying;

/// <summary>A checkpoint that was kept where this log's writer cannot change it.</summary>
/// <param name="Source">Where from, for the report.</param>
/// <param name="Head">What it says.</param>
/// <param name="Writer">Whose it is; null where that is not known.</param>
public sealed record OutsideCheckpoint(string Source, TreeHead Head, string? Writer)
{
    /// <summary>How the chain before was left; null for the first, and where that is not known.</summary>
    public TreeHead? Previous { get; init; }

    /// <summary>The hash of the text that says so; null where that is not known.</summary>
    public string? Link { get; init; }
}

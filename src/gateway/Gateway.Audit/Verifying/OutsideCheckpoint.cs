using Gateway.Audit.Evidence;

namespace Gateway.Audit.Verifying;

/// <summary>A checkpoint that was kept where this log's writer cannot change it.</summary>
/// <param name="Source">Origin of the checkpoint, for the report.</param>
/// <param name="Head">The tree head that it states.</param>
/// <param name="Writer">Id of the log's writer; null if unknown.</param>
public sealed record OutsideCheckpoint(string Source, TreeHead Head, string? Writer)
{
    /// <summary>Final tree head of the previous chain; null for the first chain or if unknown.</summary>
    public TreeHead? Previous { get; init; }

    /// <summary>Hash of the text that contains it; null if unknown.</summary>
    public string? Link { get; init; }
}

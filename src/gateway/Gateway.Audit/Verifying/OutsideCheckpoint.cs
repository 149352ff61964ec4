using Gateway.Audit.Evidence;

namespace Gateway.Audit.Verifying;

/// <summary>A checkpoint that was kept where this log's writer cannot change it.</summary>
/// <param name="Source">Where from, for the report.</param>
/// <param name="Head">What it says.</param>
/// <param name="Writer">Whose it is; null where that is not known.</param>
public sealed record OutsideCheckpoint(string Source, TreeHead Head, string? Writer);

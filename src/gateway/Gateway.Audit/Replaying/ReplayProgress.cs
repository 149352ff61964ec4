namespace Gateway.Audit.Replaying;

/// <summary>Progress of a replay.</summary>
/// <param name="Records">Number of records read.</param>
/// <param name="Bytes">Number of bytes read.</param>
/// <param name="BytesTotal">Approximate number of bytes to read.</param>
public readonly record struct ReplayProgress(long Records, long Bytes, long BytesTotal);

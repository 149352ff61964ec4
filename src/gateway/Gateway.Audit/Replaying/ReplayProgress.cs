namespace Gateway.Audit.Replaying;

/// <summary>How far a replay is.</summary>
/// <param name="Records">Records that were read.</param>
/// <param name="Bytes">Bytes of them.</param>
/// <param name="BytesTotal">Bytes that there are to read, about.</param>
public readonly record struct ReplayProgress(long Records, long Bytes, long BytesTotal);

namespace Gateway.Control.Documents.Kinds;

/// <summary>The key under which values of arguments become parts of counters' names.</summary>
/// <param name="Key">32 random bytes.</param>
public sealed record ValueKeyDocument(byte[] Key);

namespace Gateway.Control.Documents.Kinds;

/// <summary>The key that protects values of arguments in the names of counters.</summary>
/// <param name="Key">The key, 32 random bytes.</param>
public sealed record ValueKeyDocument(byte[] Key);

namespace Gateway.Control.Documents.OAuth;

/// <summary>One key that derives tokens.</summary>
/// <param name="Key">32 random bytes.</param>
/// <param name="Created">The start of its use.</param>
public sealed record TokenKey(byte[] Key, DateTimeOffset Created);

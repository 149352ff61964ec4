namespace Gateway.Control.Documents.OAuth;

/// <summary>The keys that derive tokens.</summary>
/// <param name="Keys">Newest first.</param>
public sealed record TokenKeyDocument(IReadOnlyList<TokenKey> Keys);

/// <summary>One key that derives tokens.</summary>
/// <param name="Key">32 random bytes.</param>
/// <param name="Created">The start of its use.</param>
public sealed record TokenKey(byte[] Key, DateTimeOffset Created);

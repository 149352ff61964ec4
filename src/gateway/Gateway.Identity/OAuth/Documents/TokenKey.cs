namespace Gateway.Identity.OAuth.Documents;

/// <summary>One key that derives tokens.</summary>
/// <param name="Key">32 random bytes.</param>
/// <param name="Created">The start of its use.</param>
internal sealed record TokenKey(byte[] Key, DateTimeOffset Created);

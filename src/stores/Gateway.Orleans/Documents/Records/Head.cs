namespace Gateway.Orleans.Documents.Records;

/// <summary>The head record as read from storage.</summary>
/// <param name="Revision">The current revision; 0 if there is no record yet.</param>
/// <param name="Nonce">Nonce of the write that made it, and its body's name; 0 if there is no record yet.</param>
/// <param name="Tag">The storage's entity tag; null if there is no record yet.</param>
internal sealed record Head(long Revision, UInt128 Nonce, string? Tag);

namespace Gateway.Orleans.Documents.Records;

/// <summary>The head record as storage gave it.</summary>
/// <param name="Revision">The revision in force; 0 where there is no record yet.</param>
/// <param name="Nonce">Of the write that made it, and its body's name; 0 where there is no record yet.</param>
/// <param name="Tag">The storage's own entity tag; null where there is no record yet.</param>
internal sealed record Head(long Revision, UInt128 Nonce, string? Tag);

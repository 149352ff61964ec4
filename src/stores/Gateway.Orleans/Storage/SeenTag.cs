namespace Gateway.Orleans.Storage;

/// <summary>What grain storage last said of one record.</summary>
/// <param name="Nonce">The nonce in the record; 0 if there was none.</param>
/// <param name="Tag">The storage's own entity tag; null if there was none.</param>
internal sealed record SeenTag(UInt128 Nonce, string? Tag);

namespace Gateway.Orleans.Storage;

/// <summary>The last known state of one record in grain storage.</summary>
/// <param name="Nonce">The nonce in the record; 0 if there was none.</param>
/// <param name="Tag">The storage's entity tag; null if there was none.</param>
internal sealed record SeenTag(UInt128 Nonce, string? Tag);

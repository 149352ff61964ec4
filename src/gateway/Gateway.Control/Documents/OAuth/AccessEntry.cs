namespace Gateway.Control.Documents.OAuth;

/// <summary>One access token.</summary>
/// <param name="Hash">The token's hash; nothing else of it is kept.</param>
/// <param name="Until">The token's expiry.</param>
public sealed record AccessEntry(string Hash, DateTimeOffset Until);

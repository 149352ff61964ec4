namespace Gateway.Control.Documents.OAuth;

/// <summary>One access token.</summary>
/// <param name="Hash">All that is kept of it.</param>
/// <param name="Until">From then on it is refused.</param>
public sealed record AccessEntry(string Hash, DateTimeOffset Until);

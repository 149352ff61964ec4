namespace Gateway.Control.Documents.OAuth;

/// <summary>A record that a client's assertion was used, so that it cannot be used again.</summary>
/// <param name="Until">The time after which the record can be deleted.</param>
public sealed record AssertionDocument(DateTimeOffset Until);

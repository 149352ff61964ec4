namespace Gateway.Control.Documents.OAuth;

/// <summary>That a client's assertion was used.</summary>
/// <param name="Until">It can be forgotten then.</param>
public sealed record AssertionDocument(DateTimeOffset Until);

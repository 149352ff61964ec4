namespace Gateway.Identity.OAuth.Documents;

/// <summary>That a client's assertion was used.</summary>
/// <param name="Until">It can be forgotten then.</param>
internal sealed record AssertionDocument(DateTimeOffset Until);

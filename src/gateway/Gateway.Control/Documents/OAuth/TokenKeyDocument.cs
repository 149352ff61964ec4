namespace Gateway.Control.Documents.OAuth;

/// <summary>The keys that derive tokens.</summary>
/// <param name="Keys">Newest first.</param>
public sealed record TokenKeyDocument(IReadOnlyList<TokenKey> Keys);

namespace Gateway.Identity.OAuth.Documents;

/// <summary>The keys that derive tokens, newest first.</summary>
internal sealed record TokenKeyDocument(IReadOnlyList<TokenKey> Keys);

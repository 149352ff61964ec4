namespace Gateway.EnvoyRls.Rules;

/// <summary>The limit that counts a request's descriptor.</summary>
/// <param name="Limit">The limit.</param>
/// <param name="Values">
/// The values that distinguish the counter: the value of each entry, or the pattern whose matches share one.
/// </param>
/// <param name="Metric">The rule's name in metrics, including values if the rule requests them.</param>
internal sealed record RlsMatch(RlsLimit Limit, string[] Values, string Metric);

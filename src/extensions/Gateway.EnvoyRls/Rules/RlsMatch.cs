namespace Gateway.EnvoyRls.Rules;

/// <summary>The limit that a request's descriptor is counted by.</summary>
/// <param name="Limit">The limit.</param>
/// <param name="Values">What the counter tells apart: the value of each entry, or the pattern that shares one.</param>
/// <param name="Metric">The rule as metrics name it, with values where it asks for them.</param>
internal sealed record RlsMatch(RlsLimit Limit, string[] Values, string Metric);

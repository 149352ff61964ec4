namespace Gateway.Catalogue.Recommending;

/// <summary>What somebody may do with a tool of a kind, and which of the gateway's rules stops it.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Sources">Where it is described: the identifiers of public collections.</param>
/// <param name="What">What goes wrong.</param>
/// <param name="StoppedBy">The rule, as a policy says it; or that none does.</param>
public sealed record AttackPattern(string Name, IReadOnlyList<string> Sources, string What, string StoppedBy);

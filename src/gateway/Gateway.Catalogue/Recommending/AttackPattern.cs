namespace Gateway.Catalogue.Recommending;

/// <summary>An attack with a kind of tool, and the gateway's rule that stops it.</summary>
/// <param name="Name">The name of the attack.</param>
/// <param name="Sources">Its identifiers in public collections.</param>
/// <param name="What">A description of the attack.</param>
/// <param name="StoppedBy">The rule in policy syntax, or a note that none stops it.</param>
public sealed record AttackPattern(string Name, IReadOnlyList<string> Sources, string What, string StoppedBy);

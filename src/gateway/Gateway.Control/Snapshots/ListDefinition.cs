using Gateway.Policy.Lists;

namespace Gateway.Control.Snapshots;

/// <summary>A list that policies name; null where it is there and cannot be read.</summary>
public sealed record ListDefinition(string Name, NamedList? List);

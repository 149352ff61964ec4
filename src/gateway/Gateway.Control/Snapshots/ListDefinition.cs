using Gateway.Policy.Lists;

namespace Gateway.Control.Snapshots;

/// <summary>A list to which policies refer; its content is null if it exists and cannot be read.</summary>
public sealed record ListDefinition(string Name, NamedList? List);

namespace Gateway.Policy.Lists;

/// <summary>A policy's use of a named list.</summary>
/// <param name="Name">The list's name.</param>
/// <param name="Form">The form that each of its values must have.</param>
public readonly record struct ListUse(string Name, ValueForm Form);

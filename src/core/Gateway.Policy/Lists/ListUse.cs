namespace Gateway.Policy.Lists;

/// <summary>That a policy compares with a list, and how.</summary>
/// <param name="Name">The list's name.</param>
/// <param name="Form">The form that each of its values must have.</param>
public readonly record struct ListUse(string Name, ValueForm Form);

namespace Gateway.Policy.Results;

/// <summary>The number of matches of one rule.</summary>
/// <param name="Rule">JSON Pointer to the rule.</param>
/// <param name="Count">Number of locations; a value that a text repeats counts again.</param>
/// <param name="IsShadow">True if nothing was changed.</param>
public readonly record struct RedactionCount(string Rule, int Count, bool IsShadow);

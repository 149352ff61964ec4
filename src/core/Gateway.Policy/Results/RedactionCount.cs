namespace Gateway.Policy.Results;

/// <summary>How often one rule found something.</summary>
/// <param name="Rule">JSON Pointer to the rule.</param>
/// <param name="Count">Places; a value that a text repeats is one more.</param>
/// <param name="IsShadow">Nothing was changed.</param>
public readonly record struct RedactionCount(string Rule, int Count, bool IsShadow);

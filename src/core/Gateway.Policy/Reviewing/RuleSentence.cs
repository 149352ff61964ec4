namespace Gateway.Policy.Reviewing;

/// <summary>The effect of one rule, in plain English.</summary>
/// <param name="Pointer">The location of the rule.</param>
/// <param name="Text">The sentence, without a capital letter and a period.</param>
public sealed record RuleSentence(string Pointer, string Text);

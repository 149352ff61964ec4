namespace Gateway.Policy.Reviewing;

/// <summary>What one rule does, in plain English.</summary>
/// <param name="Pointer">Where it stands.</param>
/// <param name="Text">Without a capital letter and a full stop.</param>
public sealed record RuleSentence(string Pointer, string Text);

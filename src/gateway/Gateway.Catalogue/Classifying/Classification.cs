namespace Gateway.Catalogue.Classifying;

/// <summary>What a tool was found to be. It helps to write a policy; nothing is allowed or denied by it.</summary>
/// <param name="Category">The most likely effect; where that is uncertain, Execute or what is more severe.</param>
/// <param name="Risk">How much harm a call may do.</param>
/// <param name="Confidence">From 0 to 1: the probability that the category is right.</param>
/// <param name="Reasons">Sentences that name what was seen; never a text of the server's own.</param>
public sealed record Classification(
    ToolCategory Category, RiskLevel Risk, double Confidence, IReadOnlyList<string> Reasons)
{
    /// <summary>Raised whenever the same definition may be classified otherwise than before.</summary>
    public const string Version = "3";

    /// <summary>Whether the category is likely enough to rely on. Otherwise the stricter policy applies.</summary>
    public bool IsSure { get; init; } = true;

    /// <summary>The probability of each category; null where an operator classified the tool.</summary>
    public IReadOnlyDictionary<ToolCategory, double>? Probabilities { get; init; }
}

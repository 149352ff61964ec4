namespace Gateway.Catalogue.Classifying;

/// <summary>The classification of a tool. It helps to write a policy; it allows or denies nothing.</summary>
/// <param name="Category">The most likely effect; if that is uncertain, Execute or a more severe one.</param>
/// <param name="Risk">The harm that a call may do.</param>
/// <param name="Confidence">From 0 to 1: the probability that the category is right.</param>
/// <param name="Reasons">Sentences about the evidence; they never contain a server's own text.</param>
public sealed record Classification(
    ToolCategory Category, RiskLevel Risk, double Confidence, IReadOnlyList<string> Reasons)
{
    /// <summary>
    /// The version of the classifier, raised whenever the classification of an unchanged definition may change.
    /// </summary>
    public const string Version = "6";

    /// <summary>True if the category is likely enough to rely on. Otherwise the stricter policy applies.</summary>
    public bool IsSure { get; init; } = true;

    /// <summary>The probability of each category; null if an operator classified the tool.</summary>
    public IReadOnlyDictionary<ToolCategory, double>? Probabilities { get; init; }
}

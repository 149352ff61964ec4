namespace Gateway.Catalogue.Classifying;

/// <summary>What a tool was found to be. It helps to write a policy; nothing is allowed or denied by it.</summary>
/// <param name="Category">The worst that it was seen to do.</param>
/// <param name="Risk">How much harm a call may do.</param>
/// <param name="Confidence">From 0 to 1: how much of what was seen agrees. 0.3 where nothing tells.</param>
/// <param name="Reasons">Sentences that name what was seen; never a text of the server's own.</param>
public sealed record Classification(
    ToolCategory Category, RiskLevel Risk, double Confidence, IReadOnlyList<string> Reasons)
{
    /// <summary>Raised whenever the same definition may be classified otherwise than before.</summary>
    public const string Version = "2";

    internal const double Unsure = 0.3;

    /// <summary>Whether anything told what the tool does. Where nothing did, it counts as Execute and High.</summary>
    public bool IsSure => Confidence > Unsure;
}

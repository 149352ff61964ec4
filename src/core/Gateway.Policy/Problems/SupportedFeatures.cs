namespace Gateway.Policy.Problems;

/// <summary>What this release enforces from the edge to the record. One line turns a feature on.</summary>
internal static class SupportedFeatures
{
    public const PolicyFeature Released =
        PolicyFeature.Conditions
        | PolicyFeature.Arguments
        | PolicyFeature.IncrementFrom
        | PolicyFeature.RefundOnError
        | PolicyFeature.Shadow
        | PolicyFeature.Approval
        | PolicyFeature.WindowKinds
        | PolicyFeature.ByValue
        | PolicyFeature.Results;

    /// <summary>Everything that loader and evaluator know, for tests of a feature before it is released.</summary>
    public const PolicyFeature All =
        PolicyFeature.Conditions
        | PolicyFeature.Arguments
        | PolicyFeature.Approval
        | PolicyFeature.Shadow
        | PolicyFeature.IncrementFrom
        | PolicyFeature.RefundOnError
        | PolicyFeature.WindowKinds
        | PolicyFeature.ByValue
        | PolicyFeature.Results;
}

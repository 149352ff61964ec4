using Gateway.Catalogue.Listing;

namespace Gateway.Catalogue.Classifying;

/// <summary>
/// The classification of a tool by its name, description and schemas, always with the same result for the same
/// definition. Rules read the definition, and a linear model weighs their evidence together with the words. The
/// server's own hints may raise the category, but never lower it; missing hints are not evidence.
/// </summary>
public static class ToolClassifier
{
    /// <summary>
    /// The probability of a grave effect from which a tool is never classified with certainty as a milder one.
    /// </summary>
    private const double GraveDoubt = 0.25;

    /// <summary>Returns the classification of a tool.</summary>
    public static Classification Of(ToolFacts tool) => Of(tool, []);

    /// <summary>
    /// Returns the classification of a tool whose description is missing, but whose description features are known.
    /// </summary>
    internal static Classification Of(ToolFacts tool, ReadOnlySpan<uint> more)
    {
        var rules = new RuleReading(tool);
        var features = ModelFeatures.Of(rules);
        Span<double> probabilities = stackalloc double[LinearModel.Categories];
        var category = LinearModel.Shipped.Score(features.Sorted(more), probabilities);
        if (rules.Found is { IsDecided: true, Category: { } decided })
            Fix(probabilities, category = decided);
        else if (category is ToolCategory.Financial or ToolCategory.Secret && rules.Name.BeginsDestructive)
            Fix(probabilities, category = ToolCategory.Destructive);
        else if (rules is { Text.IsEmpty: true, Name.BeginsFirm: true, Found.Category: { } named }
            && named.Severity() > category.Severity())
        {
            Fix(probabilities, category = named);
        }

        var evidence = ModelEvidence.Of(features, category);
        // Without a description, a firm verb in the name that the model agrees with is all there can be.
        var isNamed = rules.Text.IsEmpty && rules.Name.Verb is { IsFirm: true } && rules.Found.Category == category;
        var isSure = (isNamed || LinearModel.Shipped.IsSure(category, probabilities[(int)category]))
            && (category.IsGrave() || Grave(probabilities) < GraveDoubt)
            && !(category == ToolCategory.Read && rules.Found.Category is { } found
                && (found.IsGrave() || (found == ToolCategory.Execute && rules.Input.Runs is not null)))
            && (rules.Found.Category is not null || evidence is not null);
        var reasons = Reasons(rules.Found, category, isSure, evidence);
        return Conclude(tool, rules, category, isSure, reasons, probabilities);
    }

    /// <summary>Returns the features that the model is trained on.</summary>
    internal static uint[] HashesOf(ToolFacts tool) => ModelFeatures.Of(new RuleReading(tool)).Sorted([]);

    private static double Grave(ReadOnlySpan<double> probabilities) => probabilities[(int)ToolCategory.Destructive]
        + probabilities[(int)ToolCategory.Financial] + probabilities[(int)ToolCategory.Secret];

    private static void Fix(Span<double> probabilities, ToolCategory category)
    {
        const double Decided = 0.9;
        var rest = 1 - probabilities[(int)category];
        for (var i = 0; i < probabilities.Length; i++)
            probabilities[i] = rest > 0 ? probabilities[i] / rest * (1 - Decided) : 0;
        probabilities[(int)category] = Decided;
    }

    private static List<string> Reasons(Evidence rules, ToolCategory category, bool isSure, string? evidence)
    {
        var reasons = new List<string>();
        if (!isSure)
        {
            reasons.Add("Not sure: its name, description and schema contain too little evidence. "
                + "The stricter policy applies until an operator classifies it.");
        }

        if (rules.Category == category)
            reasons.AddRange(rules.Reasons);
        if (evidence is not null)
            reasons.Add($"Words that indicate {category}: {evidence}.");
        if (reasons.Count == 0)
            reasons.Add($"Its definition resembles known tools of {category}.");
        return reasons;
    }

    private static Classification Conclude(
        ToolFacts tool, RuleReading rules, ToolCategory category, bool isSure, List<string> reasons,
        ReadOnlySpan<double> probabilities)
    {
        var all = new Dictionary<ToolCategory, double>();
        for (var i = 0; i < probabilities.Length; i++)
            all[(ToolCategory)i] = Math.Round(probabilities[i], 4);
        var confidence = all[category];
        if (!isSure && category.Severity() < ToolCategory.Execute.Severity())
            category = ToolCategory.Execute;
        if (tool.IsDestructive == true && category == ToolCategory.Read)
        {
            category = ToolCategory.Destructive;
            reasons.Add("Its server marks it as destructive.");
        }
        else if (tool.IsReadOnly == false && category == ToolCategory.Read)
        {
            category = ToolCategory.Write;
            reasons.Add("Its server says that it does more than read.");
        }

        var (risk, why) = Risk(category, rules.Input, tool.IsDestructive == true);
        return new Classification(category, risk, confidence, [.. reasons, why])
        {
            IsSure = isSure,
            Probabilities = all,
        };
    }

    private static (RiskLevel Risk, string Why) Risk(ToolCategory category, SchemaSigns input, bool isMarked) =>
        category switch
        {
            ToolCategory.Read => (RiskLevel.Low, "It only returns data."),
            ToolCategory.Write when input.Secret is { } secret =>
                (RiskLevel.High, $"Its parameter \"{secret}\" is a secret that it changes or uses."),
            // The hint is true by default, so it is not evidence of the kind of effect if that is known.
            ToolCategory.Write when isMarked =>
                (RiskLevel.High, "Its server marks it as destructive: overwritten data may be lost."),
            ToolCategory.Write => (RiskLevel.Medium, "Its changes can be undone."),
            ToolCategory.Execute when input.Runs is { } program =>
                (RiskLevel.Critical, $"Its parameter \"{program}\" takes any code or statement."),
            ToolCategory.Execute => (RiskLevel.High, "Its effects cannot be predicted."),
            ToolCategory.Secret => (RiskLevel.High, "The agent's model reads a credential."),
            ToolCategory.Destructive => (RiskLevel.Critical, "Deleted data may be lost."),
            ToolCategory.Financial => (RiskLevel.Critical, "Payments may be irreversible."),
            _ => throw new NotSupportedException($"ToolCategory {category} has no case here."),
        };
}

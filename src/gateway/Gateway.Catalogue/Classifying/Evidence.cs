namespace Gateway.Catalogue.Classifying;

/// <summary>The evidence about one tool.</summary>
internal sealed class Evidence
{
    private const int ReasonsMax = 8;
    private readonly List<string> _reasons = [];

    /// <summary>The most severe category so far; null without evidence.</summary>
    public ToolCategory? Category { get; private set; }

    public double Confidence { get; private set; }

    /// <summary>True if the evidence is a firm verb of its name.</summary>
    public bool IsByName => Confidence >= 0.75;

    public IReadOnlyList<string> Reasons => _reasons;

    /// <summary>Returns true if the category comes from a word with only one meaning.</summary>
    public bool IsFirm(NameReading name, TextReading text) =>
        (name.Verb is { IsFirm: true } verb && verb.Category == Category)
        || (text.Leading is { IsFirm: true } said && said.Category == Category);

    public void Set(ToolCategory category, string reason, double confidence)
    {
        Category = category;
        Confidence = confidence;
        Add(reason);
    }

    /// <summary>Raises the category to a more severe one; never lowers it.</summary>
    public void AtLeast(ToolCategory category, string reason)
    {
        if (Category is { } known && known.Severity() >= category.Severity())
            return;
        Confidence = Category is null ? 0.6 : 0.7;
        Category = category;
        Add(reason);
    }

    /// <summary>True if a rule decides, because the model has seen too few such tools.</summary>
    public bool IsDecided { get; private set; }

    /// <summary>Sets a category that the model does not change.</summary>
    public void Decide(ToolCategory category, string reason)
    {
        Set(category, reason, 0.9);
        IsDecided = true;
    }

    public void Agree(string reason)
    {
        Confidence = Math.Min(0.95, Confidence + 0.15);
        Add(reason);
    }

    public void Doubt() => Confidence = Math.Max(0.5, Confidence - 0.1);

    private void Add(string reason)
    {
        if (_reasons.Count < ReasonsMax)
            _reasons.Add(reason);
    }
}

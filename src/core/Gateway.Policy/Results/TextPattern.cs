using Gateway.Policy.Json;

namespace Gateway.Policy.Results;

/// <summary>Finds the parts of a text to redact.</summary>
internal abstract class TextPattern
{
    /// <summary>The name of the pattern, for the reason of a denial.</summary>
    public abstract string Name { get; }

    /// <summary>Adds all matches; uses the budget up if the search takes too long.</summary>
    public abstract void Find(string text, WorkBudget work, List<TextSpan> found);
}

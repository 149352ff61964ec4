using Gateway.Policy.Json;

namespace Gateway.Policy.Results;

/// <summary>Finds in a text what must not pass.</summary>
internal abstract class TextPattern
{
    /// <summary>What it is, for the reason of a denial.</summary>
    public abstract string Name { get; }

    /// <summary>Adds where it is found; the budget is used up where that takes too long to tell.</summary>
    public abstract void Find(string text, WorkBudget work, List<TextSpan> found);
}

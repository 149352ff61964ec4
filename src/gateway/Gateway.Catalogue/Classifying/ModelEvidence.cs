namespace Gateway.Catalogue.Classifying;

/// <summary>The words of a definition with the greatest weight for a category.</summary>
internal static class ModelEvidence
{
    private const int WordsMax = 4;
    private const int CharsMax = 20;
    private const double WeightMin = 0.1;

    /// <summary>Returns words with their place, or null if no known word supports the category.</summary>
    public static string? Of(ModelFeatures features, ToolCategory category)
    {
        var words = features.All
            .Where(static one => one.Place != ModelFeatures.Place.None && IsShown(one.Word))
            .Select(one => (one.Word, one.Place, Weight: LinearModel.Shipped.Weight(one.Hash, category)))
            .Where(static one => one.Weight >= WeightMin)
            .DistinctBy(static one => (one.Word, one.Place))
            .OrderByDescending(static one => one.Weight).Take(WordsMax)
            .Select(static one => $"\"{one.Word}\" in its {Name(one.Place)}").ToList();
        return words.Count == 0 ? null : string.Join(", ", words);
    }

    // A word is shown only if many known tools have it, so no reason repeats a text that a server made up.
    private static bool IsShown(string word) =>
        word.Length is > 1 and <= CharsMax && word.All(static letter => letter is >= 'a' and <= 'z');

    private static string Name(ModelFeatures.Place place) => place switch
    {
        ModelFeatures.Place.Name => "name",
        ModelFeatures.Place.Description => "description",
        ModelFeatures.Place.Parameter => "parameters",
        _ => "choices",
    };
}

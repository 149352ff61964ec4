namespace Gateway.Admin.Answers;

/// <summary>How a list is searched and ordered.</summary>
/// <param name="NameOf">What no two have.</param>
/// <param name="TextsOf">Where <c>q</c> is looked for.</param>
/// <param name="Sorts">What <c>sort</c> may say besides <c>name</c>, and the text that it compares.</param>
internal sealed record Listing<T>(
    Func<T, string> NameOf,
    Func<T, IEnumerable<string?>> TextsOf,
    IReadOnlyDictionary<string, Func<T, string>> Sorts)
{
    /// <summary>Whether each word of <c>q</c> is somewhere in it, whatever its case.</summary>
    public bool Has(T item, string[] words) => Array.TrueForAll(words, word =>
        TextsOf(item).Any(text => text?.Contains(word, StringComparison.OrdinalIgnoreCase) == true));

    /// <summary>An instant as text that compares as it does; none is the first.</summary>
    public static string Instant(long? unixMs) =>
        (unixMs ?? 0).ToString("D15", System.Globalization.CultureInfo.InvariantCulture);
}

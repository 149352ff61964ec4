namespace Gateway.Admin.Answers;

/// <summary>The way in which a list is searched and sorted.</summary>
/// <param name="NameOf">Returns the unique name of an item.</param>
/// <param name="TextsOf">Returns the texts in which <c>q</c> is searched.</param>
/// <param name="Sorts">
/// The keys that <c>sort</c> accepts besides <c>name</c>, each with the text that it compares.
/// </param>
internal sealed record Listing<T>(
    Func<T, string> NameOf,
    Func<T, IEnumerable<string?>> TextsOf,
    IReadOnlyDictionary<string, Func<T, string>> Sorts)
{
    /// <summary>Returns true if an item contains each word of <c>q</c>, ignoring case.</summary>
    public bool Has(T item, string[] words) => Array.TrueForAll(words, word =>
        TextsOf(item).Any(text => text?.Contains(word, StringComparison.OrdinalIgnoreCase) == true));

    /// <summary>Returns an instant as text that sorts chronologically; no instant sorts first.</summary>
    public static string Instant(long? unixMs) =>
        (unixMs ?? 0).ToString("D15", System.Globalization.CultureInfo.InvariantCulture);
}

using System.Collections.Frozen;

namespace Gateway.Proxy.Searching;

/// <summary>
/// The removal of accents from Latin letters. The runtime's own decomposition does nothing in invariant globalization
/// mode, which the gateway uses.
/// </summary>
internal static class Accents
{
    private static readonly FrozenDictionary<char, char> Plain = new[]
    {
        "aàáâãäåāăą", "cçćĉċč", "dďđ", "eèéêëēĕėęě", "gĝğġģ", "hĥħ", "iìíîïĩīĭįı", "jĵ", "kķ", "lĺļľŀł", "nñńņňŉ",
        "oòóôõöøōŏő", "rŕŗř", "sśŝşš", "tţťŧ", "uùúûüũūŭůűų", "wŵ", "yýÿŷ", "zźżž",
    }.SelectMany(static letters => letters[1..].Select(letter => (letter, letters[0])))
        .ToFrozenDictionary(static pair => pair.letter, static pair => pair.Item2);

    /// <summary>Returns the letter without its accent; any other character unchanged.</summary>
    /// <param name="letter">A lower-case letter.</param>
    public static char Fold(char letter) => letter < '\u00e0' ? letter : Plain.GetValueOrDefault(letter, letter);
}

using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Gateway.Policy.Json;

namespace Gateway.Policy.Variants;

/// <summary>
/// Computes keys of names. Two names share a key if they differ only in case, compatibility form, edge spaces or
/// look-alike characters (<see cref="PlainForms"/>, then the confusables of UTS #39).
/// </summary>
/// <remarks>
/// A few characters have two readings: a capital I is an i to a reader that ignores case and an l to the eye. A name
/// has a key for each reader that treats all such characters consistently, at most four. A server that mixes the
/// readings within one name is not covered.
/// </remarks>
internal static class LookAlikes
{
    private const string ResourceName = "look-alikes.txt";

    // Plain forms without 0, 1 and |, which look like o and l.
    private static readonly SearchValues<char> OwnKey = SearchValues.Create(
        [.. Enumerable.Range('!', '~' - '!' + 1).Select(static c => (char)c)
            .Where(static c => !char.IsAsciiLetterUpper(c) && c is not ('0' or '1' or '|'))]);

    private static readonly Lazy<(Dictionary<int, string> Forms, Dictionary<int, string> Capitals)> Table =
        new(static () => FormTable.Read(ResourceName));

    /// <summary>Returns true if a name's only key is the name itself.</summary>
    public static bool IsOwnKey(string name) => name.AsSpan().IndexOfAnyExcept(OwnKey) < 0;

    /// <summary>Returns the keys of a name or of a pattern, whose wildcards stay.</summary>
    public static ImmutableArray<string> KeysOf(string name)
    {
        if (IsOwnKey(name))
            return [name];
        var key = Key(name);
        if (!HasTwoReadings(name))
            return [key];
        return
        [
            .. new[]
            {
                key, Key(Reading(name, takesCapitals: true, takesI: false)),
                Key(Reading(name, takesCapitals: true, takesI: true)),
                Key(Reading(name, takesCapitals: false, takesI: true)),
            }.Distinct(StringComparer.Ordinal),
        ];
    }

    /// <summary>
    /// Returns the keys of a whole name, with <c>rn</c> replaced by the m that it looks like. A wildcard may separate
    /// the two letters, so patterns do not have such keys.
    /// </summary>
    public static ImmutableArray<string> NameKeysOf(string name) => OfNames(KeysOf(name));

    /// <summary>Returns the keys of a whole name from those of a pattern with the same text.</summary>
    public static ImmutableArray<string> OfNames(ImmutableArray<string> keys) =>
        keys.Any(static key => key.Contains("rn", StringComparison.Ordinal))
            ? [.. keys.Select(static key => key.Replace("rn", "m", StringComparison.Ordinal))]
            : keys;

    /// <summary>
    /// Returns true if a name contains an invisible or control character, a blank other than a space, or a space at an
    /// edge.
    /// </summary>
    public static bool IsUnclear(string name)
    {
        if (name.AsSpan().IndexOfAnyExceptInRange('!', '~') < 0)
            return false;
        return name[0] == ' ' || name[^1] == ' ' || Unseen.IsIn(name) || name.EnumerateRunes().Any(static rune =>
            rune.Value != ' ' && Rune.GetUnicodeCategory(rune) == UnicodeCategory.SpaceSeparator);
    }

    private static string Key(string name)
    {
        var plain = PlainForms.Of(name);
        if (IsOwnKey(plain))
            return plain;
        var key = new StringBuilder(plain.Length);
        foreach (var rune in plain.EnumerateRunes())
            key.Append(FormOf(rune) ?? rune.ToString());
        return key.ToString();
    }

    private static string? FormOf(Rune rune) => rune.Value switch
    {
        '0' => "o",
        '1' or '|' => "l",
        < 0x80 => null,
        var point => Table.Value.Forms.GetValueOrDefault(point),
    };

    private static bool HasTwoReadings(string name) => name.EnumerateRunes().Any(static rune =>
        rune.Value == 'I' || (!rune.IsAscii && Table.Value.Capitals.ContainsKey(rune.Value)));

    private static string Reading(string name, bool takesCapitals, bool takesI)
    {
        var text = new StringBuilder(name.Length);
        foreach (var rune in name.EnumerateRunes())
        {
            text.Append(Table.Value.Capitals.TryGetValue(rune.Value, out var look)
                && (look == "l" && Key(rune.ToString()) == "i" ? takesI : takesCapitals) ? look : rune.ToString());
        }

        return text.ToString();
    }
}

using System.Globalization;

namespace Gateway.Policy.Json;

/// <summary>
/// Number literals whose exact decimal differs from the shortest decimal of their double, so a double does not
/// distinguish them from others. Of all literals of one double at most one is exact. Two exact literals of different
/// value are therefore different doubles for every parser that rounds correctly (IEEE 754-2019, 5.12.2).
/// </summary>
internal static class InexactNumber
{
    // Any decimal of 15 significant digits survives the conversion to a double and back; none of more than 17 is
    // shortest.
    private const int DigitsAlwaysExact = 15;
    private const int DigitsMax = 17;

    // Beyond 10^±400 a decimal is infinite or zero as a double; the bound keeps the parsed text short.
    private const int ScaleMax = 400;
    private const int NameLengthMax = 200;

    /// <summary>
    /// Returns true if a literal with the grammar of a JSON number is the shortest decimal of its double.
    /// </summary>
    public static bool IsExact(string text)
    {
        if (text.Length <= DigitsAlwaysExact && text.AsSpan().IndexOfAny('e', 'E') < 0)
            return true;
        if (!JsonDecimal.TryParse(text, out var exact))
            return false;
        if (exact.Sign == 0)
            return true;
        if (exact.Digits.Length > DigitsMax || Math.Abs(exact.Scale) > ScaleMax)
            return false;
        var nearest = double.Parse(
            string.Create(CultureInfo.InvariantCulture, $"{(exact.Sign < 0 ? "-" : "")}0.{exact.Digits}e{exact.Scale}"),
            NumberStyles.Float, CultureInfo.InvariantCulture);
        return JsonDecimal.TryParse(nearest.ToString("R", CultureInfo.InvariantCulture), out var shortest)
            && shortest.Equals(exact);
    }

    /// <summary>
    /// Returns the location within a value of a number that is not exact, such as <c>.items[2]</c>, or empty for the
    /// value itself; null if there is none. Meaningless once the budget is used up.
    /// </summary>
    public static string? FindIn(JsonNode value, WorkBudget work)
    {
        if (!work.Spend(1 + (value.Text.Length / WorkBudget.CharactersPerStep)))
            return null;
        if (value.Kind == JsonKind.Number)
            return IsExact(value.Text) ? null : "";
        for (var i = 0; i < value.Items.Length; i++)
        {
            if (FindIn(value.Items[i], work) is { } place)
                return PlaceOf(i) + place;
        }

        foreach (var (name, _, member) in value.Members)
        {
            if (FindIn(member, work) is { } place)
                return PlaceOf(name) + place;
        }

        return null;
    }

    /// <summary>Returns true if a value of a policy is or contains a number.</summary>
    public static bool HasNumber(JsonNode value) => value.Kind == JsonKind.Number
        || value.Items.Any(HasNumber) || value.Members.Any(static member => HasNumber(member.Value));

    /// <summary>Returns the step to a member in path notation.</summary>
    public static string PlaceOf(string name)
    {
        var shown = name.Length > NameLengthMax ? name[..NameLengthMax] : name;
        return JsonPointer.IsPlain(name) ? $".{shown}" : $"[\"{shown}\"]";
    }

    /// <summary>Returns the step to an element in path notation.</summary>
    public static string PlaceOf(int index) => string.Create(CultureInfo.InvariantCulture, $"[{index}]");
}

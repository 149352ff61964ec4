using System.Globalization;
using System.Text.RegularExpressions;
using Gateway.Policy.Json;

namespace Gateway.Policy.Conditions;

/// <summary>The operand of <c>between</c>: two inclusive bounds, both numbers or both instants (RFC 3339).</summary>
internal sealed partial record Interval(JsonDecimal Low, JsonDecimal High, bool IsTime, string Text)
{
    /// <summary>Creates the interval; null unless both bounds are of one kind, the smaller one first.</summary>
    public static Interval? Of(JsonNode low, JsonNode high)
    {
        var isTime = low.Kind == JsonKind.String;
        return low.Kind == high.Kind && TryRead(low, isTime, out var first) && TryRead(high, isTime, out var second)
            && first.CompareTo(second) <= 0
                ? new Interval(first, second, isTime, $"{PolicyValue.Describe(low)} and {PolicyValue.Describe(high)}")
                : null;
    }

    public TriState Contains(JsonNode argument, in EvaluationContext call) =>
        (IsTime
            ? argument.Kind == JsonKind.String && call.Work.SpendText(argument.Text)
                && TryInstant(argument.Text, out var value)
            : Numbers.TryRead(argument, call.Work, out value))
        ? TriStateTable.Of(Low.CompareTo(value) <= 0 && value.CompareTo(High) <= 0)
        : TriState.Incomparable;

    private static bool TryRead(JsonNode bound, bool isTime, out JsonDecimal value) => isTime
        ? TryInstant(bound.Text, out value)
        : JsonDecimal.TryParse(bound.Text, out value);

    /// <summary>
    /// Reads an instant as seconds, exact to the last digit of a fraction. A leap second is not accepted.
    /// </summary>
    private static bool TryInstant(string text, out JsonDecimal seconds)
    {
        seconds = default;
        return Instant().Match(text.ToUpperInvariant()) is { Success: true, Groups: var parts }
            && DateTimeOffset.TryParseExact($"{parts[1]}{parts[3]}", "yyyy-MM-dd'T'HH:mm:ssK",
                CultureInfo.InvariantCulture, DateTimeStyles.None, out var instant)
            && JsonDecimal.TryParse($"{instant.UtcTicks / TimeSpan.TicksPerSecond}.{parts[2]}0", out seconds);
    }

    [GeneratedRegex(@"\A([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.([0-9]+))?"
        + @"(Z|[+-][0-9]{2}:[0-9]{2})\z")]
    private static partial Regex Instant();
}

using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Gateway.Audit.Records;
using Gateway.Policy.Budgets;
using Gateway.Policy.Documents;
using Gateway.Policy.Text;

namespace Gateway.Control.Contracts;

/// <summary>
/// A budget as an operator configures it. The responses of the API add their own members to these.
/// <see cref="BudgetReader"/> reads it in the file, in the store and in requests.
/// </summary>
public record BudgetSpec
{
    /// <summary>The declared members.</summary>
    public static ImmutableArray<SpecMember> Members { get; } = SpecMember.Of(SpecJson.Default.BudgetSpec);

    /// <summary>The length of one window.</summary>
    [JsonConverter(typeof(NumberTextConverter))]
    [Member("The length of one window, as in a policy: \"minute\", \"day\", 60, \"15m\". Changing the length resets "
        + "the count to zero.", IsNumber = true, LengthMin = 1, Placeholder = "LENGTH", Example = "\"day\"")]
    public string? Window { get; set; }

    /// <summary>The maximum of one window.</summary>
    [JsonConverter(typeof(NumberTextConverter))]
    [Member("The maximum that one window admits, above 0; a string keeps a decimal exact. Changing the maximum does "
        + "not reset the count.",
        IsNumber = true, LengthMin = 1, Placeholder = "AMOUNT", Example = "\"2500.00\"")]
    public string? Max { get; set; }

    /// <summary>The kind of window.</summary>
    [Member("The kind of window, as in a policy. Changing the kind resets the count to zero.",
        Choices = ["fixed", "sliding", "bucket"], Placeholder = "KIND", Example = "\"fixed\"")]
    public string? Kind { get; set; }

    /// <summary>The time zone of a window with dates.</summary>
    [Member("The IANA time zone of a day, week or month.", LengthMin = 1, Placeholder = "ZONE",
        Example = "\"Europe/Berlin\"")]
    public string? Zone { get; set; }

    /// <summary>True if each charged key has its own counter.</summary>
    [Member("true: each charge names a key, and each key has its own counter.", Placeholder = "", Example = "false")]
    public bool? Keyed { get; set; }

    /// <summary>True if charges can be refunded.</summary>
    [Member("true: charges can be refunded.", Placeholder = "", Example = "true")]
    public bool? Refundable { get; set; }

    /// <summary>The services that may charge it.</summary>
    [Member("The operators with the role \"service\" whose keys may charge the budget; \"*\" for "
        + "all.", Placeholder = "NAME",
        Example = """["billing"]""")]
    public List<string>? Services { get; set; }

    /// <summary>The grants whose policies may charge it.</summary>
    [Member("The grants whose policies may charge the budget with \"budgets\"; \"*\" for all.",
        Placeholder = "NAME", Example = """["support"]""")]
    public List<string>? Grants { get; set; }

    /// <summary>The domains of Envoy's rate limit service that may charge it.</summary>
    [Member("The domains of Envoy's rate limit service that may charge the budget: a descriptor names the budget in "
        + "its member \"budget\". \"*\" for all.", Placeholder = "NAME", Example = """["edge"]""")]
    public List<string>? Domains { get; set; }

    /// <summary>The top-ups in effect.</summary>
    [Member("The top-ups, each of which raises \"max\" until an instant. The next change of the budget removes those "
        + "that have ended. A budget of the kind \"bucket\" cannot have top-ups.", CountMax = PolicyBounds.TopUpsMax,
        Example = """[{ "by": 500, "until": "2027-06-30T00:00:00Z", "reason": "quarter end" }]""")]
    public List<TopUpSpec>? TopUps { get; set; }

    /// <summary>The percentages of the maximum whose crossing notifies channels.</summary>
    [Member("The percentages of the maximum at which the event budget.threshold is raised, ascending. Not for keyed "
        + "budgets.", CountMax = PolicyBounds.BudgetNotifyMax, Example = "[80, 95]")]
    public List<int>? NotifyAt { get; set; }

    /// <summary>
    /// Sets the members to those of a budget, without top-ups that have ended, and flags and names that are absent.
    /// </summary>
    public static T Of<T>(Budget budget, T spec, long nowMs)
        where T : BudgetSpec
    {
        ArgumentNullException.ThrowIfNull(budget);
        ArgumentNullException.ThrowIfNull(spec);
        spec.Window = budget.WindowText;
        spec.Max = budget.Max.ToString();
        spec.Kind = budget.KindText;
        spec.Zone = budget.Zone;
        spec.Keyed = budget.IsKeyed ? true : null;
        spec.Refundable = budget.IsRefundable ? true : null;
        // A budget that nobody may charge yet has an empty list, since one of the three is required.
        spec.Services = budget.Grants.IsEmpty && budget.Domains.IsEmpty
            ? [.. budget.Services] : Names(budget.Services);
        spec.Grants = Names(budget.Grants);
        spec.Domains = Names(budget.Domains);
        var topUps = budget.TopUps.Where(one => nowMs < one.UntilMs).Select(TopUpSpec.Of).ToList();
        spec.TopUps = topUps.Count == 0 ? null : topUps;
        spec.NotifyAt = budget.NotifyAt.IsEmpty ? null : [.. budget.NotifyAt];
        return spec;
    }

    private static List<string>? Names(ImmutableArray<string> names) => names.IsEmpty ? null : [.. names];
}

/// <summary>A raise of a budget's maximum that ends by itself.</summary>
public record TopUpSpec
{
    /// <summary>The amount that is added to the maximum.</summary>
    [JsonConverter(typeof(NumberTextConverter))]
    [Member("The amount that is added to \"max\", above 0.", IsNumber = true, LengthMin = 1, Order = 1)]
    public string? By { get; set; }

    /// <summary>The end: an instant or, in a request to top up, a length from now on.</summary>
    [Member("The end, as an instant.", LengthMin = 1, Order = 2)]
    public string? Until { get; set; }

    /// <summary>The reason, for operators.</summary>
    [Member("The reason, for operators.", LengthMin = 1, LengthMax = PolicyBounds.TopUpReasonMax, Order = 3)]
    public string? Reason { get; set; }

    /// <summary>Returns the members of a top-up.</summary>
    public static TopUpSpec Of(TopUp topUp)
    {
        ArgumentNullException.ThrowIfNull(topUp);
        return new()
        {
            By = topUp.By.ToString(),
            Until = RefusalJson.TimeText(topUp.UntilMs),
            Reason = topUp.Reason,
        };
    }
}

/// <summary>Reads a number or a string as text, and writes whole numbers that every client reads exactly.</summary>
public sealed class NumberTextConverter : JsonConverter<string>
{
    // JavaScript reads whole numbers of 15 digits exactly.
    private const int DigitsMax = 15;

    /// <inheritdoc/>
    public override string Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Number
            ? System.Text.Encoding.UTF8.GetString(reader.ValueSpan) : reader.GetString()!;

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(value);
        if (value.Length is > 0 and <= DigitsMax && value.All(char.IsAsciiDigit) && (value[0] != '0' || value == "0"))
            writer.WriteRawValue(value);
        else
            writer.WriteStringValue(value);
    }
}

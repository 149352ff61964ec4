using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace Gateway.Proxy.Denials;

/// <summary>
/// Writes the decision object that stands in <c>_meta</c> of a denied tool call and in <c>data</c> of an error.
/// </summary>
internal static class RefusalJson
{
    private const int TimeLength = 24;
    private const int RoundTripLength = 28;

    public static ReadOnlyMemory<byte> Write(Refusal refusal)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("outcome", Name(refusal.Outcome));
            json.WriteString("rule", refusal.Rule);
            json.WriteString("reason", refusal.Reason);
            if (refusal.Limit is { } limit)
                WriteLimit(json, limit);
            if (refusal.ApprovalId is { } approvalId)
                json.WriteString("approvalId", approvalId);
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    public static string Name(RefusalOutcome outcome) => outcome switch
    {
        RefusalOutcome.RateLimited => "rate_limited",
        RefusalOutcome.ApprovalRequired => "approval_required",
        _ => "denied",
    };

    public static int ErrorCode(RefusalOutcome outcome) => outcome switch
    {
        RefusalOutcome.RateLimited => -31002,
        RefusalOutcome.ApprovalRequired => -31003,
        _ => -31001,
    };

    /// <summary>UTC in ISO 8601, to the millisecond.</summary>
    // The round-trip format, cut: a custom one is interpreted at every call and takes five times as long.
    public static string Time(long unixMs) => string.Create(TimeLength, unixMs, static (text, ms) =>
    {
        Span<char> sevenDigits = stackalloc char[RoundTripLength];
        DateTime.UnixEpoch.AddMilliseconds(ms).TryFormat(sevenDigits, out _, "O", CultureInfo.InvariantCulture);
        sevenDigits[..(TimeLength - 1)].CopyTo(text);
        text[^1] = 'Z';
    });

    private static void WriteLimit(Utf8JsonWriter json, RefusedLimit limit)
    {
        json.WriteStartObject("limit");
        json.WriteString("counter", limit.Counter);
        json.WriteString("window", limit.Window);
        // Exact decimals, written as JSON numbers whatever their size.
        json.WritePropertyName("max");
        json.WriteRawValue(limit.Max.ToString(), skipInputValidation: true);
        json.WritePropertyName("used");
        json.WriteRawValue(limit.Used.ToString(), skipInputValidation: true);
        json.WritePropertyName("remaining");
        json.WriteRawValue(limit.Remaining.ToString(), skipInputValidation: true);
        json.WriteString("resetAt", Time(limit.ResetAtMs));
        if (limit.RetryAfterMs is { } retryAfter)
            json.WriteNumber("retryAfterMs", retryAfter);
        json.WriteEndObject();
    }
}

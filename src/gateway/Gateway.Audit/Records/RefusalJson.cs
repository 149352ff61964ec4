using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Gateway.Mcp;

namespace Gateway.Audit.Records;

/// <summary>
/// Writes the decision object that stands in <c>_meta</c> of a denied tool call and in <c>data</c> of an error.
/// </summary>
public static class RefusalJson
{
    private const int TimeLength = 24;
    private const int RoundTripLength = 28;

    /// <summary>Writes the whole object.</summary>
    public static void Write(Utf8JsonWriter json, Refusal refusal)
    {
        json.WriteStartObject();
        json.WriteString("outcome"u8, Name(refusal.Outcome));
        json.WriteString("rule"u8, refusal.Rule);
        json.WriteString("reason"u8, refusal.Reason);
        if (refusal.Limit is { } limit)
            WriteLimit(json, limit);
        if (refusal.ApprovalId is { } approvalId)
            json.WriteString("approvalId"u8, approvalId);
        if (refusal.ApprovalUrl is { } approvalUrl)
            json.WriteString("approvalUrl"u8, approvalUrl);
        if (refusal.Cause is { } cause)
            json.WriteString("cause"u8, cause.Name());
        if (refusal.RetryAfterMs is { } retryAfter)
            json.WriteNumber("retryAfterMs"u8, retryAfter);
        json.WriteEndObject();
    }

    /// <summary>What a category is called on the wire and on record.</summary>
    public static string Name(RefusalCategory outcome) => outcome switch
    {
        RefusalCategory.RateLimited => "rate_limited",
        RefusalCategory.ApprovalRequired => "approval_required",
        RefusalCategory.Unavailable => "unavailable",
        RefusalCategory.Denied => "denied",
        _ => throw new NotSupportedException($"RefusalCategory {outcome} has no case here."),
    };

    /// <summary>The code of the JSON-RPC error for it.</summary>
    public static int ErrorCode(RefusalCategory outcome) => outcome switch
    {
        RefusalCategory.RateLimited => McpErrorCodes.RateLimited,
        RefusalCategory.ApprovalRequired => McpErrorCodes.ApprovalRequired,
        RefusalCategory.Unavailable => McpErrorCodes.Unavailable,
        RefusalCategory.Denied => McpErrorCodes.Denied,
        _ => throw new NotSupportedException($"RefusalCategory {outcome} has no case here."),
    };

    /// <summary>UTC in ISO 8601, to the millisecond.</summary>
    public static string Time(long unixMs)
    {
        Span<byte> text = stackalloc byte[RoundTripLength];
        return Encoding.ASCII.GetString(text[..FormatTime(unixMs, text)]);
    }

    /// <summary>The same, written without a string.</summary>
    public static void WriteTime(Utf8JsonWriter json, ReadOnlySpan<byte> name, long unixMs)
    {
        Span<byte> text = stackalloc byte[RoundTripLength];
        json.WriteString(name, text[..FormatTime(unixMs, text)]);
    }

    /// <summary>The same in ASCII.</summary>
    /// <param name="unixMs">The instant.</param>
    /// <param name="text">Where to: at least 28 bytes, of which any may be changed.</param>
    /// <returns>How many bytes it is.</returns>
    // The round-trip format, cut: a custom one is interpreted at every call and takes many times as long.
    internal static int FormatTime(long unixMs, Span<byte> text)
    {
        Utf8Formatter.TryFormat(DateTimeOffset.FromUnixTimeMilliseconds(unixMs).UtcDateTime, text, out _, 'O');
        text[TimeLength - 1] = (byte)'Z';
        return TimeLength;
    }

    /// <summary>An instant as records have it.</summary>
    public static string TimeText(long unixMs) => DateTime.UnixEpoch.AddMilliseconds(unixMs).ToString(
        "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static void WriteLimit(Utf8JsonWriter json, RefusedLimit limit)
    {
        json.WriteStartObject("limit"u8);
        json.WriteString("counter"u8, limit.Counter);
        if (limit.Window.Length > 0)
            json.WriteString("window"u8, limit.Window);
        // Exact decimals, written as JSON numbers whatever their size.
        json.WritePropertyName("max"u8);
        json.WriteRawValue(limit.Max.ToString(), skipInputValidation: true);
        json.WritePropertyName("used"u8);
        json.WriteRawValue(limit.Used.ToString(), skipInputValidation: true);
        json.WritePropertyName("remaining"u8);
        json.WriteRawValue(limit.Remaining.ToString(), skipInputValidation: true);
        if (limit.ResetAtMs != 0)
            WriteTime(json, "resetAt"u8, limit.ResetAtMs);
        if (limit.RetryAfterMs is { } retryAfter)
            json.WriteNumber("retryAfterMs"u8, retryAfter);
        json.WriteEndObject();
    }
}

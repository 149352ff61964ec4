using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Gateway.Mcp;

namespace Gateway.Audit.Records;

/// <summary>Writes the decision object: <c>_meta</c> of a denied tool call, and <c>data</c> of an error.</summary>
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
        if (refusal.ConnectUrl is { } connectUrl)
            json.WriteString("connectUrl"u8, connectUrl);
        if (refusal.Cause is { } cause)
            json.WriteString("cause"u8, cause.Name());
        if (refusal.RetryAfterMs is { } retryAfter)
            json.WriteNumber("retryAfterMs"u8, retryAfter);
        json.WriteEndObject();
    }

    /// <summary>Returns the name of a category in responses and records.</summary>
    public static string Name(RefusalCategory outcome) => outcome switch
    {
        RefusalCategory.RateLimited => "rate_limited",
        RefusalCategory.ApprovalRequired => "approval_required",
        RefusalCategory.Unavailable => "unavailable",
        RefusalCategory.Denied => "denied",
        _ => throw new NotSupportedException($"RefusalCategory {outcome} has no case here."),
    };

    /// <summary>Returns the JSON-RPC error code of a category.</summary>
    public static int ErrorCode(RefusalCategory outcome) => outcome switch
    {
        RefusalCategory.RateLimited => McpErrorCodes.RateLimited,
        RefusalCategory.ApprovalRequired => McpErrorCodes.ApprovalRequired,
        RefusalCategory.Unavailable => McpErrorCodes.Unavailable,
        RefusalCategory.Denied => McpErrorCodes.Denied,
        _ => throw new NotSupportedException($"RefusalCategory {outcome} has no case here."),
    };

    /// <summary>Returns an instant as UTC in ISO 8601, with milliseconds.</summary>
    public static string Time(long unixMs)
    {
        Span<byte> text = stackalloc byte[RoundTripLength];
        return Encoding.ASCII.GetString(text[..FormatTime(unixMs, text)]);
    }

    /// <summary>Writes an instant in the form of <see cref="Time"/> without allocating a string.</summary>
    public static void WriteTime(Utf8JsonWriter json, ReadOnlySpan<byte> name, long unixMs)
    {
        Span<byte> text = stackalloc byte[RoundTripLength];
        json.WriteString(name, text[..FormatTime(unixMs, text)]);
    }

    /// <summary>Formats an instant as ASCII in the form of <see cref="Time"/>.</summary>
    /// <param name="unixMs">The instant in Unix milliseconds.</param>
    /// <param name="text">The destination, of at least 28 bytes. All of them may be overwritten.</param>
    /// <returns>The number of bytes that belong to the result.</returns>
    internal static int FormatTime(long unixMs, Span<byte> text)
    {
        Utf8Formatter.TryFormat(DateTimeOffset.FromUnixTimeMilliseconds(unixMs).UtcDateTime, text, out _, 'O');
        text[TimeLength - 1] = (byte)'Z';
        return TimeLength;
    }

    /// <summary>Returns an instant in the form that records use.</summary>
    public static string TimeText(long unixMs) => DateTime.UnixEpoch.AddMilliseconds(unixMs).ToString(
        "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static void WriteLimit(Utf8JsonWriter json, RefusedLimit limit)
    {
        json.WriteStartObject("limit"u8);
        json.WriteString("counter"u8, limit.Counter);
        if (limit.Window.Length > 0)
            json.WriteString("window"u8, limit.Window);
        // Exact decimals, written as JSON numbers of any size.
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

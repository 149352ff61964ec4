using System.Text;
using System.Text.Json;
using Gateway.Mcp.Writing;

namespace Gateway.Admin.Records;

/// <summary>Audit records as rows of CSV (RFC 4180), one record a line.</summary>
internal static class RecordCsv
{
    /// <summary>The columns; of several members, the first that a record has.</summary>
    private static readonly string[][] Columns =
    [
        ["time"], ["kind"], ["grant"], ["server"], ["tool", "name"], ["caller"], ["outcome", "ended", "became"],
        ["rule"], ["reason"], ["by", "approvedBy"], ["comment"], ["action"], ["object"], ["status"], ["durationMs"],
        ["bytes"], ["counted"], ["callId"], ["approvalId"],
    ];

    // After the arguments, so that columns of a previous release keep their places.
    private static readonly string[] Later = ["callerIssuer", "callerClient", "callerActor", "claimedBy", "onBehalfOf"];

    public static byte[] Head { get; } =
        Line([.. Columns.Select(static members => members[0]), "arguments", .. Later]);

    /// <param name="record">The record.</param>
    /// <param name="arguments">The recorded arguments of the call or request that the reader may see.</param>
    public static byte[] Row(JsonElement record, JsonElement? arguments) => Line([
        .. Columns.Select(members => First(record, members)),
        arguments is { } values ? Field(values.GetRawText()) : "",
        .. Later.Select(member => First(record, member)),
    ]);

    private static string First(JsonElement record, params string[] members) =>
        Array.Find(members, member => record.TryGetProperty(member, out _)) is { } found
            ? Text(record.GetProperty(found))
            : "";

    private static string Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => Field(value.GetString()!),
        JsonValueKind.Null => "",
        _ => value.GetRawText(),
    };

    /// <summary>
    /// Returns a field. A spreadsheet would evaluate a text that begins like a formula, and agents choose some of these
    /// texts: an apostrophe turns it back into text.
    /// </summary>
    private static string Field(string text)
    {
        var shown = VisibleText.Of(text);
        if (shown is ['=' or '+' or '-' or '@', ..])
            shown = "'" + shown;
        return shown.AsSpan().ContainsAny(',', '"')
            ? $"\"{shown.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
            : shown;
    }

    private static byte[] Line(IEnumerable<string> fields) => Encoding.UTF8.GetBytes(string.Join(',', fields) + "\r\n");
}

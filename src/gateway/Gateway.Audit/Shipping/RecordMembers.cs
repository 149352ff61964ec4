using System.Globalization;
using System.Text.Json;
using Gateway.Audit.Records;

namespace Gateway.Audit.Shipping;

/// <summary>What a sink's own form needs to know of a record.</summary>
/// <param name="record">The record.</param>
public readonly struct RecordMembers(JsonElement record)
{
    /// <summary>What it is of; see <see cref="Records.AuditWords.Kinds"/>.</summary>
    public string Kind => Text("kind") ?? "";

    /// <summary>When; the epoch where it does not say.</summary>
    public DateTimeOffset Time =>
        DateTimeOffset.TryParse(
            Text("time"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
            ? at
            : DateTimeOffset.UnixEpoch;

    /// <summary>
    /// True if a call was refused, a record lost, or something else than what was asked for happened.
    /// </summary>
    public RecordSeverity Severity => (Kind, Text("outcome")) switch
    {
        ("gap", _) => RecordSeverity.Error,
        ("charge", ChargeRecord.Returned) => RecordSeverity.Information,
        ("decision" or "charge", not "allowed") or ("folded", _) => RecordSeverity.Warning,
        ("event", _) or ("change", _) or ("approval", _) or ("access", _) => RecordSeverity.Notice,
        _ => RecordSeverity.Information,
    };

    /// <summary>A member that is text; null where there is none.</summary>
    public string? Text(string name) =>
        record.TryGetProperty(name, out var found) && found.ValueKind == JsonValueKind.String
            ? found.GetString()
            : null;
}

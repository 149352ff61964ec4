using System.Globalization;
using System.Text.Json;
using Gateway.Audit.Records;

namespace Gateway.Audit.Shipping;

/// <summary>The members of a record that sink formats need.</summary>
/// <param name="record">The record.</param>
public readonly struct RecordMembers(JsonElement record)
{
    /// <summary>Kind of the record; see <see cref="Records.AuditWords.Kinds"/>.</summary>
    public string Kind => Text("kind") ?? "";

    /// <summary>Time of the record; the Unix epoch if it has none.</summary>
    public DateTimeOffset Time =>
        DateTimeOffset.TryParse(
            Text("time"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
            ? at
            : DateTimeOffset.UnixEpoch;

    /// <summary>
    /// Severity of the record: higher if a call was refused, a record was lost, or something other than a requested
    /// call happened.
    /// </summary>
    public RecordSeverity Severity => (Kind, Text("outcome")) switch
    {
        ("gap", _) => RecordSeverity.Error,
        ("charge", ChargeRecord.Returned) => RecordSeverity.Information,
        ("decision" or "charge", not "allowed") or ("folded", _) => RecordSeverity.Warning,
        ("event", _) or ("change", _) or ("approval", _) or ("access", _) => RecordSeverity.Notice,
        _ => RecordSeverity.Information,
    };

    /// <summary>Returns the value of a string member, or null if there is none.</summary>
    public string? Text(string name) =>
        record.TryGetProperty(name, out var found) && found.ValueKind == JsonValueKind.String
            ? found.GetString()
            : null;
}

/// <summary>Severity of a record; the numbers are those of syslog (RFC 5424, 6.2.1).</summary>
public enum RecordSeverity
{
    /// <summary>Records were lost.</summary>
    Error = 3,

    /// <summary>A call was refused.</summary>
    Warning = 4,

    /// <summary>Somebody changed or decided something.</summary>
    Notice = 5,

    /// <summary>Any other record.</summary>
    Information = 6,
}

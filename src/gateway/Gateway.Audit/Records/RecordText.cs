using System.Text.Json;

namespace Gateway.Audit.Records;

/// <summary>Reads the texts of a record as it is stored.</summary>
public static class RecordText
{
    /// <summary>Returns a member's text, or null if it is absent or not a string.</summary>
    public static string? Text(this JsonElement record, string member) =>
        record.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}

using System.Globalization;
using System.Text.Json;
using Gateway.Mcp.Writing;

namespace Gateway.Audit.Records;

/// <summary>
/// An erasure of personal values as recorded. It names the places of the records, not the person.
/// </summary>
public sealed record ErasureRecord
{
    /// <summary>Maximum number of places in one record; a larger erasure has several.</summary>
    public const int PlacesMax = 1000;

    /// <summary>Value of <see cref="Became"/> before the records have been found.</summary>
    internal const string Requested = "requested";

    /// <summary>Value of <see cref="Became"/> once the places are known, before the values are overwritten.</summary>
    internal const string Erased = "erased";

    private const string Kind = "erasure";

    /// <summary>The id of the erasure.</summary>
    public required string Id { get; init; }

    /// <summary>The state: <c>requested</c> or <c>erased</c>.</summary>
    public required string Became { get; init; }

    /// <summary>The person or program that requested it.</summary>
    public required Actor By { get; init; }

    /// <summary>The reason.</summary>
    public required string Reason { get; init; }

    /// <summary>The names of the erased values.</summary>
    internal int Values { get; init; }

    /// <summary>The offsets of the records in each file; empty in the state <c>requested</c>.</summary>
    internal IReadOnlyDictionary<int, IReadOnlyList<long>> Places { get; init; } =
        new Dictionary<int, IReadOnlyList<long>>();

    /// <summary>Encodes the record. The line is valid until its thread encodes the next one.</summary>
    internal ReadOnlySpan<byte> Line(long nowMs)
    {
        var scratch = JsonScratch.Take();
        var json = scratch.Json;
        json.WriteStartObject();
        json.WriteString("kind"u8, Kind);
        RefusalJson.WriteTime(json, "time"u8, nowMs);
        json.WriteString("erasureId"u8, Id);
        json.WriteString("became"u8, Became);
        By.Write(json);
        json.WriteString("reason"u8, RecordBounds.Cut(Reason));
        if (Values != 0)
            WritePlaces(json);
        json.WriteEndObject();
        return scratch.Written("\n"u8);
    }

    /// <summary>
    /// Reads the names and places of a record; returns null if the line is not an erasure with places.
    /// </summary>
    internal static (string Id, int Values, List<(int File, long Offset)> Places)? Read(ReadOnlySpan<byte> line)
    {
        if (!line.StartsWith("{\"kind\":\"erasure\""u8))
            return null;
        try
        {
            var record = JsonElement.Parse(line);
            if (!record.TryGetProperty("values"u8, out var values)
                || !record.TryGetProperty("places"u8, out var places) || Id(record) is not { } id)
            {
                return null;
            }

            var set = 0;
            foreach (var name in values.EnumerateArray())
                set |= ErasableValues.SetOf(System.Text.Encoding.UTF8.GetBytes(name.GetString() ?? ""));
            return (id, set, [
                .. places.EnumerateObject().SelectMany(static file => file.Value.EnumerateArray().Select(
                    offset => (int.Parse(file.Name, CultureInfo.InvariantCulture), offset.GetInt64()))),
            ]);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException
            or OverflowException)
        {
            // Not written by the gateway. Nothing counts as erased by it.
            return null;
        }

        static string? Id(JsonElement record) =>
            record.TryGetProperty("erasureId"u8, out var id) ? id.GetString() : null;
    }

    private void WritePlaces(Utf8JsonWriter json)
    {
        json.WriteStartArray("values"u8);
        foreach (var name in ErasableValues.NamesOf(Values))
            json.WriteStringValue(name);
        json.WriteEndArray();
        json.WriteNumber("records"u8, Places.Sum(static file => file.Value.Count));
        json.WriteStartObject("places"u8);
        foreach (var (file, offsets) in Places)
        {
            json.WriteStartArray(file.ToString(CultureInfo.InvariantCulture));
            foreach (var offset in offsets)
                json.WriteNumberValue(offset);
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }
}

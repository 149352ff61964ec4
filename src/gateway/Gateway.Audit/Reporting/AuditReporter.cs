using System.Globalization;
using System.Text.Json;
using Gateway.Audit.Files;
using Gateway.Audit.Reading;
using Gateway.Audit.Records;

namespace Gateway.Audit.Reporting;

/// <summary>Reads a log once, from a time on, and says what was called, refused and spent.</summary>
public static class AuditReporter
{
    private const int PageMax = 5000;

    /// <summary>The same over the records of all gateways.</summary>
    /// <param name="shared">Where they are.</param>
    /// <param name="from">From here on.</param>
    /// <param name="to">Before here.</param>
    /// <param name="grants">Grants that are configured.</param>
    /// <param name="rules">Tools that policies name, as records name rules: <c>/tools/NAME</c>.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="IOException">It gives no answer; the message says why, without a password.</exception>
    public static async Task<AuditReport> ReadAsync(
        ISharedRecords shared, DateTimeOffset from, DateTimeOffset to, IEnumerable<string> grants,
        IEnumerable<(string Policy, string Rule)> rules, CancellationToken cancellationToken)
    {
        var tally = new ReportTally(rules);
        var query = AuditQuery.Between(from, to);
        AuditPage page;
        string? cursor = null;
        do
        {
            page = await shared.ReadAsync(query, cursor, PageMax, cancellationToken);
            foreach (var record in page.Items)
                tally.Add(record);
            cursor = page.Next;
        }
        while (page.More);

        var first = await shared.ReadAsync(
            AuditQuery.Between(DateTimeOffset.UnixEpoch, to), null, 1, cancellationToken);
        return tally.Report(from, to, grants) with
        {
            Shared = shared.Name,
            Oldest = first.Items is [var oldest, ..] && oldest.GetProperty("time").GetString() is { } time
                ? DateTimeOffset.Parse(time, CultureInfo.InvariantCulture)
                : null,
        };
    }

    /// <param name="directory">Of the log.</param>
    /// <param name="from">From here on.</param>
    /// <param name="to">Before here.</param>
    /// <param name="grants">Grants that are configured.</param>
    /// <param name="rules">Tools that policies name, as records name rules: <c>/tools/NAME</c>.</param>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static AuditReport Read(
        string directory, DateTimeOffset from, DateTimeOffset to, IEnumerable<string> grants,
        IEnumerable<(string Policy, string Rule)> rules)
    {
        var tally = new ReportTally(rules);
        // Times are written in one form, in which the order of text is the order of time.
        var first = RefusalJson.Time(from.ToUnixTimeMilliseconds());
        var last = RefusalJson.Time(to.ToUnixTimeMilliseconds());
        string? oldest = null;
        foreach (var file in AuditArchive.InOrder(directory))
        {
            foreach (var record in Records(file, from))
            {
                if (!record.TryGetProperty("time", out var member) || member.GetString() is not { } time)
                    continue;
                oldest = string.CompareOrdinal(oldest ?? time, time) < 0 ? oldest : time;
                if (string.CompareOrdinal(time, first) >= 0 && string.CompareOrdinal(time, last) < 0)
                    tally.Add(record);
            }
        }

        return tally.Report(from, to, grants) with
        {
            Oldest = oldest is null ? null : DateTimeOffset.Parse(oldest, CultureInfo.InvariantCulture),
        };
    }

    /// <summary>Of a file that ends before the time only the first record: it says how far back the log goes.</summary>
    private static IEnumerable<JsonElement> Records(AuditFileName file, DateTimeOffset from)
    {
        var isBefore = file.LastWrite < from.UtcDateTime;
        Stream stream;
        try
        {
            stream = file.Open(0);
        }
        catch (FileNotFoundException)
        {
            // Deleted meanwhile.
            yield break;
        }

        using (stream)
        {
            using var lines = new RecordLineReader(stream);
            while (lines.Read() is { } line)
            {
                if (TryParse(line) is not { } record)
                    continue;
                using (record)
                    yield return record.RootElement;
                if (isBefore)
                    yield break;
            }
        }
    }

    private static JsonDocument? TryParse(byte[] line)
    {
        try
        {
            var record = JsonDocument.Parse(line);
            if (record.RootElement.ValueKind == JsonValueKind.Object)
                return record;
            record.Dispose();
            return null;
        }
        catch (JsonException)
        {
            // The end of a file that a crash cut off.
            return null;
        }
    }
}
